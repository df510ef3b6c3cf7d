#include "addon/convert.h"

namespace corrsynth {
namespace {

Napi::Value field(const Napi::Object & object, const char * name) {
    Napi::Value value = object.Get(name);
    if (value.IsUndefined()) throw Napi::TypeError::New(object.Env(), std::string("missing field ") + name);
    return value;
}

template <typename T>
T typed_field(const Napi::Object & object, const char * name, bool (Napi::Value::*is)() const, const char * wanted) {
    const Napi::Value value = field(object, name);
    if (!(value.*is)()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a " + wanted);
    return value.As<T>();
}

std::vector<std::string> to_strings(const Napi::Array & array) {
    std::vector<std::string> out;
    for (uint32_t i = 0; i < array.Length(); ++i) out.push_back(array.Get(i).ToString().Utf8Value());
    return out;
}

GroupShape to_shape(const Napi::Object & object) {
    GroupShape shape;
    shape.n_generating = int_field(object, "generating");
    shape.follows = to_int32s(field(object, "follows"));
    shape.coupling.n_rows = shape.n_rows();
    shape.coupling.gamma = number_field(object, "gamma");
    shape.warm_up = int_field(object, "warmUp");
    const auto sets = typed_field<Napi::Array>(object, "sets", &Napi::Value::IsArray, "array");
    for (uint32_t i = 0; i < sets.Length(); ++i) {
        const auto set = sets.Get(i).As<Napi::Object>();
        shape.coupling.sets.push_back(
            {int_field(set, "row"), number_field(set, "total"), to_int32s(field(set, "members"))});
    }
    const auto is_row = [&](int m) { return m >= 0 && m < shape.n_rows(); };
    bool sound = shape.n_generating > 0 && shape.n_generating <= shape.n_rows();
    for (const int m : shape.follows) sound = sound && is_row(m) && m < shape.n_generating;
    for (const ContrastSet & set : shape.coupling.sets) {
        sound = sound && is_row(set.row);
        for (const int m : set.members) sound = sound && is_row(m) && m != set.row;
    }
    if (!sound) throw Napi::RangeError::New(object.Env(), "shape names rows that it does not have");
    return shape;
}

const char * to_string(Ending ending) {
    switch (ending) {
        case Ending::kEndToken:
            return "eos";
        case Ending::kStopString:
            return "stop";
        case Ending::kLength:
            return "length";
    }
    return "length";
}

}  // namespace

Napi::Error to_js_error(Napi::Env env, ErrorCode code, const std::string & message) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", Napi::String::New(env, to_string(code)));
    return error;
}

Napi::Object object_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Object>(object, name, &Napi::Value::IsObject, "object");
}

double number_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Number>(object, name, &Napi::Value::IsNumber, "number").DoubleValue();
}

int int_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Number>(object, name, &Napi::Value::IsNumber, "number").Int32Value();
}

bool bool_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Boolean>(object, name, &Napi::Value::IsBoolean, "boolean").Value();
}

uint64_t uint64_field(const Napi::Object & object, const char * name) {
    bool lossless = false;
    const auto value = typed_field<Napi::BigInt>(object, name, &Napi::Value::IsBigInt, "bigint").Uint64Value(&lossless);
    if (!lossless) throw Napi::RangeError::New(object.Env(), std::string(name) + " must fit 64 bits");
    return value;
}

std::vector<int32_t> to_int32s(const Napi::Value & value) {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
        throw Napi::TypeError::New(value.Env(), "expected an Int32Array");
    }
    const auto array = value.As<Napi::Int32Array>();
    return {array.Data(), array.Data() + array.ElementLength()};
}

Napi::Int32Array to_js(Napi::Env env, const std::vector<int32_t> & values) {
    Napi::Int32Array array = Napi::Int32Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
}

DeviceOptions to_device_options(const Napi::Object & object) {
    DeviceOptions options;
    options.gpu = field(object, "gpu").ToString().Utf8Value();
    options.n_gpu_layers = int_field(object, "gpuLayers");
    options.main_gpu = int_field(object, "mainGpu");
    const std::string split = field(object, "splitMode").ToString().Utf8Value();
    options.split_mode = split == "none"     ? SplitMode::kNone
                         : split == "row"    ? SplitMode::kRow
                         : split == "tensor" ? SplitMode::kTensor
                                             : SplitMode::kLayer;
    const auto shares = typed_field<Napi::Array>(object, "tensorSplit", &Napi::Value::IsArray, "array");
    for (uint32_t i = 0; i < shares.Length(); ++i)
        options.tensor_split.push_back(shares.Get(i).ToNumber().FloatValue());
    options.rpc_servers = to_strings(typed_field<Napi::Array>(object, "rpcServers", &Napi::Value::IsArray, "array"));
    return options;
}

Napi::Array to_js(Napi::Env env, const std::vector<DeviceInfo> & devices) {
    Napi::Array out = Napi::Array::New(env, devices.size());
    for (uint32_t i = 0; i < devices.size(); ++i) {
        const DeviceInfo & device = devices[i];
        Napi::Object object = Napi::Object::New(env);
        object["name"] = device.name;
        object["description"] = device.description;
        object["backend"] = device.backend;
        object["isGpu"] = device.is_gpu;
        object["memoryFree"] = static_cast<double>(device.memory_free);
        object["memoryTotal"] = static_cast<double>(device.memory_total);
        out[i] = object;
    }
    return out;
}

GenerationOptions to_generation_options(const Napi::Object & object) {
    GenerationOptions options;
    options.shape = to_shape(object_field(object, "shape"));
    const Napi::Object step = object_field(object, "step");
    options.step.gamma = options.shape.coupling.gamma;
    options.step.alpha = number_field(step, "alpha");
    options.step.temperature = number_field(step, "temperature");
    options.step.top_p = number_field(step, "topP");
    options.step.top_k = int_field(step, "topK");
    options.step.contrast_end = bool_field(step, "contrastEnd");
    options.step.seed = uint64_field(step, "seed");
    options.extras = {bool_field(object, "logProbs"), bool_field(object, "trace")};
    const Napi::Object limits = object_field(object, "limits");
    options.limits.max_tokens = int_field(limits, "maxTokens");
    options.limits.stop = to_strings(typed_field<Napi::Array>(limits, "stop", &Napi::Value::IsArray, "array"));
    const Napi::Object context = object_field(object, "context");
    options.context.kv_type = field(context, "kvType").ToString().Utf8Value();
    options.context.flash_attention = field(context, "flashAttention").ToString().Utf8Value();
    options.context.n_slots = int_field(context, "slots");
    options.context.n_stored = int_field(context, "stored");
    options.context.slot_size = int_field(context, "slotSize");
    options.context.n_batch = int_field(context, "batchSize");
    options.context.n_threads = int_field(context, "threads");
    return options;
}

Napi::Object to_js(Napi::Env env, const Counters & c) {
    Napi::Object out = Napi::Object::New(env);
    out["steps"] = static_cast<double>(c.steps);
    out["promptTokens"] = static_cast<double>(c.prompt_tokens);
    out["prefilledTokens"] = static_cast<double>(c.prefilled_tokens);
    out["decodedTokens"] = static_cast<double>(c.decoded_tokens);
    out["generatedTokens"] = static_cast<double>(c.generated_tokens);
    out["uncontrastedTokens"] = static_cast<double>(c.uncontrasted_tokens);
    out["partlyContrastedTokens"] = static_cast<double>(c.partly_contrasted_tokens);
    out["graphs"] = static_cast<double>(c.graphs);
    out["groupsInFlight"] = static_cast<double>(c.groups_in_flight);
    out["bytesToHost"] = static_cast<double>(c.bytes_to_host);
    out["sampler"] = c.sampler;
    out["notice"] = c.notice;
    out["setupSeconds"] = c.setup_seconds;
    out["prefillSeconds"] = c.prefill_seconds;
    out["decodeSeconds"] = c.decode_seconds;
    out["sampleSeconds"] = c.sample_seconds;
    return out;
}

Napi::Object to_js(Napi::Env env, const GroupResult & result) {
    Napi::Array rows = Napi::Array::New(env, result.rows.size());
    for (uint32_t m = 0; m < result.rows.size(); ++m) {
        const RowResult & row = result.rows[m];
        Napi::Object out = Napi::Object::New(env);
        out["text"] = Napi::String::New(env, row.text);
        out["tokens"] = row.n_tokens;
        out["ending"] = to_string(row.ending);
        out["logProb"] = row.log_prob;
        Napi::Float64Array distances = Napi::Float64Array::New(env, row.distances.size());
        std::copy(row.distances.begin(), row.distances.end(), distances.Data());
        out["distances"] = distances;
        rows[m] = out;
    }
    Napi::Object out = Napi::Object::New(env);
    out["index"] = static_cast<double>(result.index);
    out["rows"] = rows;
    return out;
}

}  // namespace corrsynth
