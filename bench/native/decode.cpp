// Tokens per second of lockstep decoding, by contenders that take turns; alone in a process, each shows what memory it
// needs. Same model, rows, prompt length, context size and threads.
//
//   decode CONTENDERS MODEL ROWS_PER_GROUP GROUPS PROMPT_TOKENS STEPS THREADS ROUNDS [REPEAT [LAYERS [SECOND]]]
//
//   bare    llama.cpp's decode loop, which draws nothing: the limit on a CPU; on a GPU it copies all logits to the host
//   device  the same with the logits left where they are computed: the limit on a GPU
//   engine  the engine, which draws
//   host    the engine, drawing on the host whatever the device could do
//   fewgen  the engine without any contrast
//   dola    the same, each row against LAYERS of the model: one number, or several with points between them
//   amateur the same, each row against the model SECOND
//   second  as bare, of the model SECOND
//
// Prints one JSON object. Groups are Hybrid with REPEAT rows a label, 2 by default. Only time between two steps of all
// rows counts, so neither prompts nor a step that follows something else are in it. "processorMs" is the processor time
// of a step, by round: of all threads of this process, so that what else the machine does is not in it.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/generate.h"
#include "engine/logits_capture.h"
#include "ggml-cpu.h"
#include "llama.h"

namespace {

using namespace corrsynth;
using Clock = std::chrono::steady_clock;

constexpr int kBatch = 512;

// What it is that is measured, in a round.
struct Measured {
    double rate;  // tokens per second
    double processor_ms;
};

struct Shape {
    int group_rows, groups, prompt_tokens, steps, threads, rounds, repeat;
    std::vector<int32_t> text;
    int rows() const { return group_rows * groups; }
    int slot_size() const { return (prompt_tokens + steps + 1 + 255) / 256 * 256; }  // as the engine rounds it
};

// The text that all rows have the beginning of as their prompt: what a step costs does not depend on what the tokens
// say, but a real model ends no row within a few steps of it.
std::vector<int32_t> text_of(const Model & model) {
    return model.vocabulary().tokenize(
        {{"The town council met on Tuesday evening to hear what people think of the new library, which is to be built "
          "between the old mill and the",
          false}});
}

int32_t token_at(const Shape & shape, int position) { return shape.text[position % shape.text.size()]; }

// Of this process, all threads.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

[[noreturn]] void fail(const char * what) {
    std::fprintf(stderr, "decode: %s\n", what);
    std::exit(1);
}

void decode(llama_context * context, LlamaBatch & batch) {
    if (llama_decode(context, batch.batch) != 0) fail("llama_decode failed");
    llama_synchronize(context);
}

using BareThreadpool = std::unique_ptr<ggml_threadpool, HandleDeleter<ggml_threadpool_free>>;

// Of the steps after the first.
Measured bare(const Model & model, const Shape & shape, bool leaves_logits) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = shape.rows() * shape.slot_size();
    params.n_seq_max = shape.rows();
    params.n_batch = params.n_ubatch = kBatch;
    params.n_threads = params.n_threads_batch = shape.threads;
    params.kv_unified = false;
    LogitsCapture capture(shape.rows());
    if (leaves_logits) {
        params.samplers = capture.configs().data();
        params.n_samplers = capture.configs().size();
        params.n_outputs_max = params.n_seq_max;
        params.n_outputs_max_per_seq = 1;
    }
    ggml_threadpool_params pool = ggml_threadpool_params_default(shape.threads);
    const BareThreadpool threads(ggml_threadpool_new(&pool));
    const LlamaContextHandle context(llama_init_from_model(model.handle(), params));
    if (!context) fail("no memory for the context");
    llama_attach_threadpool(context.get(), threads.get(), threads.get());

    const int last = shape.prompt_tokens - 1;
    LlamaBatch batch(kBatch);
    for (int first = 0; first < last; first += kBatch) {
        batch.clear();
        for (int i = first; i < std::min(first + kBatch, last); ++i) batch.add(token_at(shape, i), i, 0, false);
        decode(context.get(), batch);
    }
    for (int row = 1; row < shape.rows(); ++row) {
        llama_memory_seq_cp(llama_get_memory(context.get()), 0, row, -1, -1);
    }
    Clock::time_point start;
    double processor = 0;
    for (int step = 0; step <= shape.steps; ++step) {
        if (step == 1) start = Clock::now(), processor = processor_seconds();
        batch.clear();
        for (int row = 0; row < shape.rows(); ++row) batch.add(token_at(shape, last), last + step, row, true);
        decode(context.get(), batch);
    }
    return {shape.rows() * shape.steps / seconds_since(start), 1e3 * (processor_seconds() - processor) / shape.steps};
}

// Hands out the groups, and keeps the time of the steps in which all rows ran.
class Groups : public GroupExchange {
  public:
    // copies: of each row, 2 where a second model has them, too
    Groups(const Shape & shape, int copies) : shape_(shape), copies_(copies) {}

    bool next(GroupRequest & request) override {
        if (n_given_ == shape_.groups) return false;
        request = {static_cast<uint64_t>(n_given_), {}};
        for (int m = 0; m < copies_ * shape_.group_rows; ++m) {
            request.prompts.emplace_back();
            for (int i = 0; i < shape_.prompt_tokens; ++i) request.prompts.back().push_back(token_at(shape_, i));
        }
        ++n_given_;
        return true;
    }

    void finished(GroupResult) override {}

    void progress(const Counters & counters) override {
        const auto now = Clock::now();
        const double processor = processor_seconds();
        const auto n_rows = static_cast<uint64_t>(copies_ * shape_.rows());
        const bool is_full = counters.decoded_tokens - decoded_tokens_ == n_rows;
        if (is_full && was_full_) {
            seconds_ += std::chrono::duration<double>(now - before_).count();
            processor_ += processor - processor_before_;
            n_steps_++;
        }
        was_full_ = is_full;
        decoded_tokens_ = counters.decoded_tokens;
        before_ = now;
        processor_before_ = processor;
    }

    int n_steps() const { return n_steps_; }
    Measured measured() const { return {shape_.rows() * n_steps_ / seconds_, 1e3 * processor_ / n_steps_}; }

  private:
    const Shape shape_;
    const int copies_;
    int n_given_ = 0, n_steps_ = 0;
    bool was_full_ = false;
    uint64_t decoded_tokens_ = 0;
    double seconds_ = 0, processor_ = 0, processor_before_ = 0;
    Clock::time_point before_;
};

// Groups without contrast.
GenerationOptions fewgen(const Shape & shape) {
    GenerationOptions options;
    options.shape.n_generating = shape.group_rows;
    options.shape.coupling.n_rows = shape.group_rows;
    for (int row = 0; row < shape.group_rows; ++row) options.shape.follows.push_back(row);
    options.step.seed = 7;
    options.limits.max_tokens = shape.steps + 1;
    options.context.n_slots = shape.rows();
    options.context.slot_size = shape.slot_size();
    options.context.n_batch = kBatch;
    options.context.n_threads = shape.threads;
    return options;
}

// Hybrid with the paper's weights; without pairs of a label, or with one label, a row has one contrast set or none.
GenerationOptions hybrid(const Shape & shape) {
    GenerationOptions options = fewgen(shape);
    for (int row = 0; row < shape.group_rows; ++row) {
        ContrastSet intra{row, 0.5, {}}, cross{row, 0.1, {}};
        for (int other = 0; other < shape.group_rows; ++other) {
            if (other != row) (other / shape.repeat == row / shape.repeat ? intra : cross).members.push_back(other);
        }
        for (const ContrastSet & set : {intra, cross}) {
            if (!set.members.empty()) options.shape.coupling.sets.push_back(set);
        }
    }
    return options;
}

// Each row against these layers of its model, as DoLa has it.
GenerationOptions dola(const Shape & shape, const std::vector<int> & layers) {
    GenerationOptions options = fewgen(shape);
    options.step.alpha = 0.1;
    options.context.layers = layers;
    options.shape.add_layer_rows(1);
    return options;
}

// Each row against a second model, as contrastive decoding at gamma 1.5, delta 1 has it.
GenerationOptions amateur(const Shape & shape) {
    GenerationOptions options = fewgen(shape);
    options.step.alpha = 0.1;
    options.shape.source.assign(shape.group_rows, 0);
    for (int row = 0; row < shape.group_rows; ++row) {
        options.shape.coupling.sets.push_back({row, 0.5, {shape.group_rows + row}});
        options.shape.follows.push_back(row);
        options.shape.source.push_back(1);
    }
    options.shape.coupling.n_rows = options.shape.n_rows();
    options.shape.coupling.gamma = 1.5;
    options.second_context = options.context;
    return options;
}

std::string list(const std::vector<double> & values) {
    std::string out;
    for (const double v : values) out += (out.empty() ? "" : ", ") + std::to_string(v);
    return "[" + out + "]";
}

struct Results {
    std::vector<double> rates, processor_ms, sampler_ms, sampler_share, full_steps;
    std::string sampler;
    uint64_t bytes_to_host_per_step = 0;
};

struct Contest {
    std::shared_ptr<const Model> model, second;  // second: null unless a contender needs it
    std::vector<int> layers;
};

GenerationOptions options_of(const std::string & name, const Contest & contest, const Shape & shape) {
    if (name == "fewgen") return fewgen(shape);
    if (name == "dola") return dola(shape, contest.layers);
    if (name == "amateur") return amateur(shape);
    GenerationOptions options = hybrid(shape);
    options.draws_on_host = name == "host";
    return options;
}

void run_engine(const std::string & name, const Contest & contest, const Shape & shape, Results & results) {
    const std::atomic<bool> never{false};
    const bool has_second = name == "amateur";
    Groups groups(shape, has_second ? 2 : 1);
    const Models models{contest.model, has_second ? contest.second : nullptr};
    const Counters counters = generate(models, options_of(name, contest, shape), groups, never);
    if (groups.n_steps() == 0) fail("no two steps on end had all rows: ask for more STEPS");
    results.rates.push_back(groups.measured().rate);
    results.processor_ms.push_back(groups.measured().processor_ms);
    results.full_steps.push_back(groups.n_steps());
    results.sampler_ms.push_back(1e3 * counters.sample_seconds / static_cast<double>(counters.steps));
    results.sampler_share.push_back(counters.sample_seconds / (counters.decode_seconds + counters.sample_seconds));
    results.sampler = counters.sampler;
    results.bytes_to_host_per_step = counters.bytes_to_host / counters.steps;
}

void run_bare(const std::string & name, const Contest & contest, const Shape & shape, Results & results) {
    const Measured measured = bare(name == "second" ? *contest.second : *contest.model, shape, name == "device");
    results.rates.push_back(measured.rate);
    results.processor_ms.push_back(measured.processor_ms);
}

double peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return static_cast<double>(usage.ru_maxrss) / 1e6;
#else
    return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
#endif
}

void print(const Shape & shape, const Model & model, const std::map<std::string, Results> & contenders) {
    std::string devices;
    for (const DeviceInfo & device : model.info().devices)
        devices += (devices.empty() ? "" : ", ") + device.description;
    std::printf(
        "{\"rows\": %d, \"groups\": %d, \"vocabulary\": %d, \"slotSize\": %d, \"steps\": %d, \"runsOn\": \"%s\", ",
        shape.rows(), shape.groups, model.info().n_vocab, shape.slot_size(), shape.steps,
        devices.empty() ? "cpu" : devices.c_str());
    for (const auto & [name, results] : contenders) {
        std::printf("\"%s\": {\"tokensPerSecond\": %.1f, \"rounds\": %s", name.c_str(), median(results.rates),
                    list(results.rates).c_str());
        std::printf(", \"processorMs\": %s", list(results.processor_ms).c_str());
        if (!results.sampler.empty()) {
            std::printf(", \"fullSteps\": %.0f, \"samplerMsPerStep\": %.4f, \"samplerShare\": %.5f, ",
                        median(results.full_steps), median(results.sampler_ms), median(results.sampler_share));
            std::printf("\"sampler\": \"%s\", \"bytesToHostPerStep\": %llu", results.sampler.c_str(),
                        static_cast<unsigned long long>(results.bytes_to_host_per_step));
        }
        std::printf("}, ");
    }
    std::printf("\"peakMegabytes\": %.1f}\n", peak_megabytes());
}

std::vector<std::string> split(const std::string & list, char at = ',') {
    std::vector<std::string> out(1);
    for (const char c : list) {
        if (c == at) out.emplace_back();
        else out.back() += c;
    }
    return out;
}

}  // namespace

int main(int argc, char ** argv) {
    std::vector<std::string> names = split(argc > 1 ? argv[1] : "");
    const std::vector<std::string> bare = {"bare", "device", "second"},
                                   engine = {"engine", "host", "fewgen", "dola", "amateur"};
    const auto is_one_of = [](const std::vector<std::string> & those, const std::string & name) {
        return std::find(those.begin(), those.end(), name) != those.end();
    };
    const bool are_known = std::all_of(names.begin(), names.end(), [&](const std::string & name) {
        return is_one_of(bare, name) || is_one_of(engine, name);
    });
    if (argc < 9 || argc > 12 || !are_known) {
        std::fprintf(stderr,
                     "usage: decode CONTENDERS MODEL ROWS_PER_GROUP GROUPS PROMPT_TOKENS STEPS THREADS ROUNDS [REPEAT "
                     "[LAYERS [SECOND]]]\n"
                     "CONTENDERS: bare, device, engine, host, fewgen, dola, amateur, second; several separated by "
                     "commas\n");
        return 2;
    }
    std::vector<int> numbers;
    for (int i = 3; i < std::min(argc, 10); ++i) numbers.push_back(std::atoi(argv[i]));
    if (argc == 9) numbers.push_back(2);
    if (*std::min_element(numbers.begin(), numbers.end()) < 1) fail("every number must be at least 1");
    const std::string program = argv[0];
    load_backends(program.substr(0, program.find_last_of('/')));  // libcorrsynth-cuda lies beside it
    Contest contest{Model::load(argv[2]), argc > 11 ? Model::load(argv[11]) : nullptr, {}};
    const Shape shape{numbers[0], numbers[1], numbers[2], numbers[3],
                      numbers[4], numbers[5], numbers[6], text_of(*contest.model)};
    if (argc > 10) {
        for (const std::string & layer : split(argv[10], '.')) contest.layers.push_back(std::atoi(layer.c_str()));
    }
    if (is_one_of(names, "dola") && contest.layers.empty()) fail("dola needs LAYERS");
    if ((is_one_of(names, "amateur") || is_one_of(names, "second")) && !contest.second) fail("they need a SECOND");
    std::map<std::string, Results> contenders;
    for (int round = 0; round < shape.rounds; ++round) {
        for (const std::string & name : names)
            (is_one_of(bare, name) ? run_bare : run_engine)(name, contest, shape, contenders[name]);
        std::reverse(names.begin(), names.end());  // who goes first changes from round to round
    }
    print(shape, *contest.model, contenders);
    return 0;
}
