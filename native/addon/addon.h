// What the addon keeps per JavaScript environment: the main thread and every worker have their own.
#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "addon/generation_thread.h"
#include "addon/pool_gate.h"

namespace corrsynth {

struct AddonData {
    Napi::FunctionReference model_constructor;
    std::shared_ptr<PoolGate> pool = std::make_shared<PoolGate>();
    std::vector<std::weak_ptr<GenerationThread>> generations;

    void remember(const std::shared_ptr<GenerationThread> & generation);
    // Stops every thread of this environment and waits for it. process.exit on the main thread runs no cleanup hook,
    // but it does run the destructors of llama.cpp's globals, and what still decodes or loads would crash on them.
    void shut_down();

    static AddonData & of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }
};

}  // namespace corrsynth
