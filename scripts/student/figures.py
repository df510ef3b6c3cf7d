"""The figures of student.json, from predictions. No dependency."""
import math


def mean(values):
    return sum(values) / len(values)


def confusion_matrix(gold, predicted, n_labels):
    """matrix[gold][predicted]: counts."""
    matrix = [[0] * n_labels for _ in range(n_labels)]
    for own, guess in zip(gold, predicted, strict=True):
        matrix[own][guess] += 1
    return matrix


def accuracy(gold, predicted):
    return mean([own == guess for own, guess in zip(gold, predicted, strict=True)])


def t_interval(values):
    """95 % confidence interval of the mean by Student's t; None of fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    center = mean(values)
    deviation = math.sqrt(sum((value - center) ** 2 for value in values) / (n - 1))
    half = t_quantile(n - 1) * deviation / math.sqrt(n)
    return [center - half, center + half]


def t_quantile(degrees):
    """The t that |T| stays below with probability 0.95."""
    low, high = 0.0, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _central_probability(middle, degrees) < 0.95 else (low, middle)
    return low


def _central_probability(t, degrees):
    # a finite sum in the angle (Abramowitz & Stegun 26.7.3, 26.7.4)
    angle = math.atan(t / math.sqrt(degrees))
    odd = degrees % 2 == 1
    term = math.cos(angle) if odd else 1.0
    total = 0.0 if degrees == 1 else term
    for k in range(3 if odd else 2, degrees, 2):
        term *= math.cos(angle) ** 2 * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total


def wilson_interval(share, n):
    """95 % confidence interval of a share seen in n trials."""
    z = 1.959963984540054
    shrink = 1 + z**2 / n
    center = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return [max(0.0, center - half), min(1.0, center + half)]


def data_map(probability, correct):
    """Cartography from [epoch][row]: mean and population deviation of the own label's probability, share of right epochs."""
    per_row = list(zip(*probability, strict=True))
    confidence = [mean(row) for row in per_row]
    variability = [math.sqrt(mean([(p - center) ** 2 for p in row])) for row, center in zip(per_row, confidence)]
    correctness = [mean(row) for row in zip(*correct, strict=True)]
    return {"confidence": confidence, "variability": variability, "correctness": correctness}


def learning_rate_factor(step, total, warmup_share):
    """Linear warm-up over the first share of the steps, then linear decay to 0."""
    warmup = math.ceil(total * warmup_share)
    if step < warmup:
        return step / warmup
    return max(0.0, (total - step) / max(1, total - warmup))
