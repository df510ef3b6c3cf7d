// The JavaScript object that stands for a loaded model.
#pragma once
#include <napi.h>

#include <memory>

#include "engine/model.h"
#include "engine/score.h"

namespace corrsynth {

class JsModel : public Napi::ObjectWrap<JsModel> {
  public:
    static Napi::Function constructor(Napi::Env env);
    explicit JsModel(const Napi::CallbackInfo & info);
    void Finalize(Napi::Env env) override;

    // The model behind a value that must be an open JsModel; throws otherwise. Whoever runs on it shares its ownership.
    static std::shared_ptr<const Model> of(const Napi::Value & value);

  private:
    Napi::Value info(const Napi::CallbackInfo & info);      // () -> object
    Napi::Value tokenize(const Napi::CallbackInfo & info);  // ([[{text, special}]]) -> Promise<Int32Array[]>
    // ([Int32Array], {pooling, maxTokens, threads}) -> Promise<Float32Array>, [n_texts, n_embd]
    Napi::Value embed_texts(const Napi::CallbackInfo & info);
    // ([Int32Array], Int32Array, {threads}) -> Promise<Float64Array>; keeps a scorer for the next call
    Napi::Value score_texts(const Napi::CallbackInfo & info);
    // (Model, name) -> "", or the first token in which its vocabulary is another
    Napi::Value vocabulary_difference(const Napi::CallbackInfo & info);
    void release_scorer(const Napi::CallbackInfo & info);  // lets go of it and of all that it keeps
    void close(const Napi::CallbackInfo & info);           // lets go of the model; twice is harmless
    std::shared_ptr<const Model> model_;
    std::shared_ptr<Scorer> scorer_;  // from the first call of score on
    int64_t reported_bytes_ = 0;      // told to the garbage collector
};

// (path, device) -> Promise<JsModel>; reads the file on a thread of libuv's pool.
Napi::Value load_model(const Napi::CallbackInfo & info);

}  // namespace corrsynth
