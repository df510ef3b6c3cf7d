#include "addon/model.h"

#include <algorithm>

#include "addon/promise_worker.h"
#include "engine/embed.h"
#include "engine/score.h"

namespace corrsynth {
namespace {

constexpr napi_type_tag kModelTag = {0x8d2c1f5e6b7a4093, 0xa1e0c4d57f3b2968};

class LoadWorker : public PromiseWorker {
  public:
    LoadWorker(Napi::Env env, std::string path, DeviceOptions device)
        : PromiseWorker(env, "The model cannot be loaded"), path_(std::move(path)), device_(std::move(device)) {}

  private:
    void work() override { model_ = Model::load(path_, device_, &must_hurry()); }
    Napi::Value make(Napi::Env env) override {
        return AddonData::of(env).model_constructor.New(
            {Napi::External<std::shared_ptr<const Model>>::New(env, &model_)});
    }
    std::string path_;
    DeviceOptions device_;
    std::shared_ptr<const Model> model_;
};

class TokenizeWorker : public PromiseWorker {
  public:
    TokenizeWorker(Napi::Env env, std::shared_ptr<const Model> model, std::vector<std::vector<PromptPart>> prompts)
        : PromiseWorker(env, "The prompts cannot be tokenized"),
          model_(std::move(model)),
          prompts_(std::move(prompts)) {}

  private:
    void work() override {
        for (const auto & parts : prompts_) tokens_.push_back(model_->vocabulary().tokenize(parts));
    }
    Napi::Value make(Napi::Env env) override {
        Napi::Array out = Napi::Array::New(env, tokens_.size());
        for (uint32_t i = 0; i < tokens_.size(); ++i) out[i] = to_js(env, tokens_[i]);
        return out;
    }
    std::shared_ptr<const Model> model_;
    std::vector<std::vector<PromptPart>> prompts_;
    std::vector<std::vector<int32_t>> tokens_;
};

class EmbedWorker : public PromiseWorker {
  public:
    EmbedWorker(Napi::Env env, std::shared_ptr<const Model> model, std::vector<std::vector<int32_t>> texts,
                EmbedOptions options)
        : PromiseWorker(env, "The texts cannot be embedded"),
          model_(std::move(model)),
          texts_(std::move(texts)),
          options_(options) {}

  private:
    void work() override { values_ = embed(*model_, texts_, options_, must_hurry()); }
    Napi::Value make(Napi::Env env) override {
        Napi::Float32Array out = Napi::Float32Array::New(env, values_.size());
        std::copy(values_.begin(), values_.end(), out.Data());
        return out;
    }
    std::shared_ptr<const Model> model_;
    std::vector<std::vector<int32_t>> texts_;
    EmbedOptions options_;
    std::vector<float> values_;
};

class ScoreWorker : public PromiseWorker {
  public:
    ScoreWorker(Napi::Env env, std::shared_ptr<Scorer> scorer, std::vector<ScoreRequest> requests, ScoreOptions options)
        : PromiseWorker(env, "The texts cannot be scored"),
          scorer_(std::move(scorer)),
          requests_(std::move(requests)),
          options_(options) {}

  private:
    void work() override { sums_ = scorer_->score(requests_, options_, must_hurry()); }
    Napi::Value make(Napi::Env env) override {
        Napi::Float64Array out = Napi::Float64Array::New(env, sums_.size());
        std::copy(sums_.begin(), sums_.end(), out.Data());
        return out;
    }
    std::shared_ptr<Scorer> scorer_;
    std::vector<ScoreRequest> requests_;
    ScoreOptions options_;
    std::vector<double> sums_;
};

std::vector<PromptPart> to_prompt(const Napi::Array & parts) {
    std::vector<PromptPart> out;
    for (uint32_t i = 0; i < parts.Length(); ++i) {
        const auto part = parts.Get(i).As<Napi::Object>();
        out.push_back({part.Get("text").ToString().Utf8Value(), bool_field(part, "special")});
    }
    return out;
}

}  // namespace

Napi::Function JsModel::constructor(Napi::Env env) {
    return DefineClass(
        env, "Model",
        {InstanceMethod<&JsModel::info>("info"), InstanceMethod<&JsModel::tokenize>("tokenize"),
         InstanceMethod<&JsModel::embed_texts>("embed"), InstanceMethod<&JsModel::score_texts>("score"),
         InstanceMethod<&JsModel::vocabulary_difference>("vocabularyDifference"),
         InstanceMethod<&JsModel::release_scorer>("releaseScorer"), InstanceMethod<&JsModel::close>("close")});
}

JsModel::JsModel(const Napi::CallbackInfo & info) : Napi::ObjectWrap<JsModel>(info) {
    if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "a model comes from loadModel");
    model_ = *info[0].As<Napi::External<std::shared_ptr<const Model>>>().Data();
    info.This().As<Napi::Object>().TypeTag(&kModelTag);
    reported_bytes_ = static_cast<int64_t>(model_->info().size_bytes);
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), reported_bytes_);
}

void JsModel::Finalize(Napi::Env env) {
    if (reported_bytes_ > 0) Napi::MemoryManagement::AdjustExternalMemory(env, -reported_bytes_);
}

std::shared_ptr<const Model> JsModel::of(const Napi::Value & value) {
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kModelTag)) {
        throw Napi::TypeError::New(value.Env(), "expected a model");
    }
    std::shared_ptr<const Model> model = Unwrap(value.As<Napi::Object>())->model_;
    if (!model) throw Napi::Error::New(value.Env(), "the model is closed");
    return model;
}

Napi::Value JsModel::info(const Napi::CallbackInfo & info) {
    const std::shared_ptr<const Model> model = of(info.This());
    const ModelInfo & i = model->info();
    Napi::Object out = Napi::Object::New(info.Env());
    out["name"] = i.name;
    out["architecture"] = i.architecture;
    out["description"] = i.description;
    out["chatTemplate"] = i.chat_template;
    out["bosToken"] = model->vocabulary().bos_text();
    out["eosToken"] = model->vocabulary().eos_text();
    out["parameters"] = static_cast<double>(i.n_parameters);
    out["sizeBytes"] = static_cast<double>(i.size_bytes);
    out["vocabulary"] = i.n_vocab;
    out["contextTrain"] = i.n_ctx_train;
    out["layers"] = i.n_layers;
    out["causal"] = i.is_causal;
    out["pooling"] = i.pooling;
    out["devices"] = to_js(info.Env(), i.devices);
    out["candidates"] = i.n_candidates;
    out["kvBytesPerToken"] = static_cast<double>(i.kv_bytes_per_token);
    return out;
}

Napi::Value JsModel::tokenize(const Napi::CallbackInfo & info) {
    std::vector<std::vector<PromptPart>> prompts;
    const auto array = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); ++i) prompts.push_back(to_prompt(array.Get(i).As<Napi::Array>()));
    return PromiseWorker::run(std::make_unique<TokenizeWorker>(info.Env(), of(info.This()), std::move(prompts)));
}

Napi::Value JsModel::embed_texts(const Napi::CallbackInfo & info) {
    std::vector<std::vector<int32_t>> texts;
    const auto array = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); ++i) texts.push_back(to_int32s(array.Get(i)));
    const auto given = info[1].As<Napi::Object>();
    const std::string pooling = given.Get("pooling").ToString().Utf8Value();
    const EmbedOptions options{pooling == "mean"  ? Pooling::kMean
                               : pooling == "cls" ? Pooling::kFirst
                                                  : Pooling::kLast,
                               int_field(given, "maxTokens", 1), int_field(given, "threads", 1, kMaxThreads)};
    return PromiseWorker::run(std::make_unique<EmbedWorker>(info.Env(), of(info.This()), std::move(texts), options));
}

Napi::Value JsModel::score_texts(const Napi::CallbackInfo & info) {
    const auto array = info[0].As<Napi::Array>();
    const std::vector<int32_t> n_prompt = to_int32s(info[1]);
    const auto given = info[2].As<Napi::Object>();
    const int n_vocab = of(info.This())->info().n_vocab;
    if (n_prompt.size() != array.Length()) throw Napi::RangeError::New(info.Env(), "a prompt's length per request");
    std::vector<ScoreRequest> requests;
    for (uint32_t i = 0; i < array.Length(); ++i) {
        requests.push_back({to_int32s(array.Get(i)), n_prompt[i]});
        const ScoreRequest & request = requests.back();
        bool sound = request.n_prompt >= 1 && request.n_prompt <= static_cast<int>(request.tokens.size());
        for (const int32_t token : request.tokens) sound = sound && token >= 0 && token < n_vocab;
        if (!sound)
            throw Napi::RangeError::New(info.Env(), "a request with tokens of its prompt, all of the vocabulary");
    }
    const ScoreOptions options{int_field(given, "threads", 1, kMaxThreads)};
    if (!scorer_) scorer_ = std::make_shared<Scorer>(of(info.This()));
    return PromiseWorker::run(std::make_unique<ScoreWorker>(info.Env(), scorer_, std::move(requests), options));
}

Napi::Value JsModel::vocabulary_difference(const Napi::CallbackInfo & info) {
    const std::shared_ptr<const Model> other = of(info[0]);
    return Napi::String::New(
        info.Env(), of(info.This())->vocabulary().difference_from(other->vocabulary(), info[1].ToString().Utf8Value()));
}

void JsModel::release_scorer(const Napi::CallbackInfo &) { scorer_.reset(); }

void JsModel::close(const Napi::CallbackInfo & info) {
    scorer_.reset();
    model_.reset();
    Finalize(info.Env());
    reported_bytes_ = 0;
}

Napi::Value load_model(const Napi::CallbackInfo & info) {
    return PromiseWorker::run(std::make_unique<LoadWorker>(info.Env(), info[0].As<Napi::String>().Utf8Value(),
                                                           to_device_options(info[1].As<Napi::Object>())));
}

}  // namespace corrsynth
