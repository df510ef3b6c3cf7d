// Who knows of holes in llama.cpp: three public lists, asked without a key.

/** Longest wait for one answer, milliseconds; the NVD takes its time. */
const patience = 60_000;

/**
 * Every advisory that those lists have of llama.cpp, each { ids, summary, published, fixed }: of OSV those that it says affect the
 * tag, of GitHub all of the repository's, of the NVD those since the pin's date. `problems`: who did not answer, and why.
 */
export async function knownTo(fetch, pin) {
  const asked = await Promise.allSettled([askOsv(fetch, pin), askGitHub(fetch, pin), askNvd(fetch, pin)]);
  const found = asked.flatMap(({ value = [] }) => value);
  const problems = asked.flatMap(({ reason }) => (reason === undefined ? [] : [reason.message]));
  return { found, problems };
}

async function ask(fetch, url, options = {}) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience), ...options });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.json();
  } catch (error) {
    throw new Error(`${new URL(url).host} could not be asked: ${error.cause?.message ?? error.message}`);
  }
}

async function askOsv(fetch, { git, tag }) {
  const body = JSON.stringify({ version: tag, package: { name: git, ecosystem: "GIT" } });
  const { vulns = [] } = await ask(fetch, "https://api.osv.dev/v1/query", { method: "POST", body });
  return vulns
    .filter(({ withdrawn }) => withdrawn === undefined)
    .map(({ id, aliases = [], summary, details = "", published }) => {
      return { ids: [id, ...aliases], summary: summary ?? details, published, fixed: false };
    });
}

async function askGitHub(fetch, { git }) {
  const repository = new URL(git).pathname.replace(/^\/|\.git$/g, "");
  const url = `https://api.github.com/repos/${repository}/security-advisories?state=published&per_page=100`;
  const listed = await ask(fetch, url, {
    headers: { accept: "application/vnd.github+json", "user-agent": "corrsynth" },
  });
  return listed
    .filter(({ withdrawn_at: withdrawn }) => !withdrawn)
    .map(({ ghsa_id: ghsa, cve_id: cve, summary, published_at: published, vulnerabilities }) => {
      const fixed = (vulnerabilities ?? []).some(({ patched_versions: patched }) => Boolean(patched));
      return { ids: [ghsa, ...(cve ? [cve] : [])], summary, published, fixed };
    });
}

/** It takes spans of 120 days, so a pin of more than that is asked about in pieces. */
async function askNvd(fetch, { date }) {
  const found = [];
  const day = 86_400_000;
  for (let from = Date.parse(date); from < Date.now(); from += 119 * day) {
    const span = { pubStartDate: new Date(from).toISOString(), pubEndDate: new Date(from + 119 * day).toISOString() };
    const query = new URLSearchParams({ keywordSearch: "llama.cpp", noRejected: "", ...span });
    const { vulnerabilities } = await ask(fetch, `https://services.nvd.nist.gov/rest/json/cves/2.0?${query}`);
    for (const { cve } of vulnerabilities) {
      const summary = cve.descriptions.find(({ lang }) => lang === "en")?.value ?? "";
      found.push({ ids: [cve.id], summary, published: cve.published, fixed: false });
    }
  }
  return found;
}
