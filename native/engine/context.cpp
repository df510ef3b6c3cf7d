#include "engine/context.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/decode.h"
#include "engine/error.h"
#include "ggml-backend.h"
#include "ggml.h"

namespace corrsynth {
namespace {

ggml_type type_named(const std::string & name) {
    for (int type = 0; type < GGML_TYPE_COUNT; ++type) {
        const char * known = ggml_type_name(static_cast<ggml_type>(type));
        if (known && name == known) return static_cast<ggml_type>(type);
    }
    throw EngineError(ErrorCode::kDecode, "ggml has no type named \"" + name + "\"");
}

// In 64 bits: a row may be asked to hold 2^31 - 1.
int64_t padded_slot_size(const ContextOptions & options) { return (int64_t{options.slot_size} + 255) / 256 * 256; }

[[noreturn]] void refuse(const Model & model, const ContextOptions & options, const std::string & why) {
    const int n_rows = options.n_slots + options.n_stored;
    const int64_t slot_size = padded_slot_size(options);
    const double kv_bytes = static_cast<double>(model.info().kv_bytes_per_token) * n_rows * slot_size;
    throw EngineError(ErrorCode::kOutOfMemory,
                      "Cannot set up " + std::to_string(n_rows) + " rows of " + std::to_string(slot_size) + " tokens" +
                          (options.role.empty() ? "" : " for " + options.role) + " (KV cache of " +
                          std::to_string(std::llround(kv_bytes / (1 << 20))) + " MiB): " + why);
}

int countable_slot_size(const Model & model, const ContextOptions & options) {
    assert(options.n_slots >= 1 && options.n_stored >= 0 && options.n_slots + options.n_stored <= kMaxRows);
    assert(options.slot_size >= 1 && options.n_batch >= 1);
    const int64_t slot_size = padded_slot_size(options);
    if (slot_size * (options.n_slots + options.n_stored) > INT32_MAX)
        refuse(model, options, "llama.cpp counts the tokens of a context in 31 bits");
    return static_cast<int>(slot_size);
}

llama_context_params params_of(const ContextOptions & options, int slot_size, int n_batch, LogitsCapture & capture,
                               const std::atomic<bool> & cancel) {
    llama_context_params params = llama_context_default_params();
    params.n_seq_max = options.n_slots + options.n_stored;
    params.n_ctx = params.n_seq_max * slot_size;
    params.n_batch = std::max(n_batch, options.n_slots + options.n_stored);
    params.n_ubatch = options.n_graph > 0 ? options.n_graph : params.n_batch;
    params.n_outputs_max = params.n_seq_max;  // the least there can be; the default reserves n_batch rows of logits
    params.n_outputs_max_per_seq = 1;
    params.n_threads = params.n_threads_batch = options.n_threads;
    params.kv_unified = false;  // a stream per row: a query scans its own row's cells only
    params.no_perf = true;
    params.type_k = params.type_v = type_named(options.kv_type);
    params.flash_attn_type = options.flash_attention == "on"    ? LLAMA_FLASH_ATTN_TYPE_ENABLED
                             : options.flash_attention == "off" ? LLAMA_FLASH_ATTN_TYPE_DISABLED
                                                                : LLAMA_FLASH_ATTN_TYPE_AUTO;
    params.abort_callback = is_set;
    params.abort_callback_data = const_cast<std::atomic<bool> *>(&cancel);
    params.samplers = capture.configs().data();
    params.n_samplers = capture.configs().size();
    return params;
}

}  // namespace

Context::Context(std::shared_ptr<const Model> model, const ContextOptions & options, const std::atomic<bool> & cancel)
    : model_(std::move(model)),
      cancel_(cancel),
      n_slots_(options.n_slots),
      n_stored_(options.n_stored),
      slot_size_(countable_slot_size(*model_, options)),
      n_batch_(std::min(options.n_batch, slot_size_)),  // a prompt is decoded by itself, in its row
      capture_(options.n_slots + options.n_stored, options.layers),
      threadpool_(make_threadpool(options.n_threads)),
      batch_(std::max(n_batch_, n_slots_)) {
    const LogCapture log;
    const llama_context_params params = params_of(options, slot_size_, n_batch_, capture_, cancel);
    context_.reset(llama_init_from_model(model_->handle(), params));
    if (!context_) refuse(*model_, options, log.reason());
    if (!options.layers.empty() && !capture_.layers().logits()) refuse_layers(0);
    if (threadpool_) llama_attach_threadpool(context_.get(), threadpool_.get(), threadpool_.get());
}

// n: rows of the step at hand.
void Context::refuse_layers(int n) const {
    const std::string & why = capture_.layers().why_not();
    throw EngineError(ErrorCode::kLayers,
                      "The layers of this model cannot be read: " + (why.empty() ? why_not_whole(n) : why));
}

void Context::decode() {
    ++n_graphs_;
    decode_batch(*model_, context_.get(), batch_, cancel_, "The generation was stopped");
}

void Context::prefill(int slot, const int32_t * tokens, int from, int to) {
    for (int first = from; first < to;) {
        const int end = first + std::min(n_batch_, to - first);
        batch_.clear();
        for (int i = first; i < end; ++i) batch_.add(tokens[i], i, slot, false);
        decode();
        first = end;
    }
}

bool Context::copy(int from, int to, int n) {
    llama_memory_t memory = llama_get_memory(context_.get());
    llama_memory_seq_rm(memory, to, -1, -1);
    llama_memory_seq_cp(memory, from, to, -1, -1);  // only whole streams can be copied, so the rest is cut off after it
    if (llama_memory_seq_pos_max(memory, to) < n || llama_memory_seq_rm(memory, to, n, -1)) return true;
    llama_memory_seq_rm(memory, to, -1, -1);
    return false;
}

StepLogits Context::step(const int32_t * tokens, const int32_t * positions, int n) {
    batch_.clear();
    for (int slot = 0; slot < n; ++slot) batch_.add(tokens[slot], positions[slot], slot, true);
    decode();
    llama_synchronize(context_.get());

    const ggml_tensor * logits = capture_.logits();
    if (why_copied_.empty() && is_whole(logits, n)) {
        StepLogits out{logits, {nullptr, logits->nb[1] / sizeof(float), n, model_->info().n_vocab, nullptr}};
        if (ggml_backend_buffer_is_host(logits->buffer)) out.host.data = static_cast<const float *>(logits->data);
        if (!capture_.layers().layers().empty()) out.second = &layer_logits(n);
        return out;
    }
    if (!capture_.layers().layers().empty()) refuse_layers(n);
    if (why_copied_.empty()) decode_for_copy(positions, n);
    return copied_logits(n);
}

bool Context::is_whole(const ggml_tensor * logits, int n) const {
    return logits && logits->ne[1] == n && logits->ne[0] >= model_->info().n_vocab && logits->type == GGML_TYPE_F32;
}

const StepLogits & Context::layer_logits(int n) {
    const ggml_tensor * logits = capture_.layers().logits();
    const auto n_layers = static_cast<int>(capture_.layers().layers().size());
    if (!logits || logits->ne[1] != int64_t{n_layers} * n) refuse_layers(n);
    layer_logits_ = {logits, {nullptr, logits->nb[1] / sizeof(float), n_layers * n, model_->info().n_vocab, nullptr}};
    if (ggml_backend_buffer_is_host(logits->buffer)) layer_logits_.host.data = static_cast<const float *>(logits->data);
    return layer_logits_;
}

std::string Context::why_not_whole(int n) const {
    const ggml_tensor * logits = capture_.logits();
    return logits ? "llama.cpp computed " + std::to_string(logits->ne[1]) + " of " + std::to_string(n) +
                        " rows of logits together"
                  : "llama.cpp does not show where the logits lie";
}

// llama.cpp copies logits for rows without a sampler only, so the step that came without is decoded again.
void Context::decode_for_copy(const int32_t * positions, int n) {
    why_copied_ = why_not_whole(n);
    llama_memory_t memory = llama_get_memory(context_.get());
    for (int id = 0; id < n_slots_ + n_stored_; ++id) llama_set_sampler(context_.get(), id, nullptr);
    for (int slot = 0; slot < n; ++slot) {
        if (llama_memory_seq_rm(memory, slot, positions[slot], -1)) continue;
        throw EngineError(ErrorCode::kDecode,
                          why_copied_ + ", and the model's memory cannot go back a token to have them copied");
    }
    decode();
}

StepLogits Context::copied_logits(int n) {
    const int n_vocab = model_->info().n_vocab;
    const float * data = llama_get_logits(context_.get());  // waits, and puts the rows in the order of the batch
    if (!data) throw EngineError(ErrorCode::kDecode, why_copied_ + ", and has no copy of them either");
    n_bytes_copied_ += sizeof(float) * n * n_vocab;
    return {nullptr, {data, static_cast<size_t>(n_vocab), n, n_vocab, nullptr}};
}

void Context::move(int from, int to) {
    copy(from, to, slot_size_);
    clear(from);
}

void Context::clear(int slot) { llama_memory_seq_rm(llama_get_memory(context_.get()), slot, -1, -1); }

}  // namespace corrsynth
