#include "addon/convert.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace corrsynth {
namespace {

template <typename T>
T typed_field(const Napi::Object & object, const char * name, bool (Napi::Value::*is)() const, const char * wanted) {
    const Napi::Value value = field(object, name);
    if (!(value.*is)()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a " + wanted);
    return value.As<T>();
}

constexpr double kMaxShare = 1e30;  // llama.cpp adds them up in float32

std::string text_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
}

[[noreturn]] void refuse(const Napi::Value & value, const char * name, const char * kind, double least, double most) {
    const std::string from = least == DBL_TRUE_MIN ? " above 0" : " from " + text_of(least);
    const std::string to = most == DBL_MAX ? "" : " to " + text_of(most);
    throw Napi::RangeError::New(value.Env(), "Expected \"" + std::string(name) + "\" to be " + kind + from + to +
                                                 ", received " + value.ToString().Utf8Value());
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

Napi::Array to_js(Napi::Env env, const std::vector<TokenShare> & shares) {
    Napi::Array out = Napi::Array::New(env, shares.size());
    for (uint32_t i = 0; i < shares.size(); ++i) {
        Napi::Object share = Napi::Object::New(env);
        share["token"] = shares[i].token;
        share["own"] = shares[i].own;
        share["contrasted"] = shares[i].contrasted;
        out[i] = share;
    }
    return out;
}

Napi::Object to_js(Napi::Env env, const StepTrace & step) {
    Napi::Object out = Napi::Object::New(env);
    out["token"] = step.token;
    out["own"] = step.own;
    out["contrasted"] = step.contrasted;
    out["drawn"] = step.drawn;
    out["exponent"] = step.exponent;
    out["logScale"] = step.log_scale;
    out["isKeptEnd"] = step.is_kept_end;
    out["plausible"] = step.n_plausible;
    out["nucleus"] = step.n_nucleus;
    Napi::Array pushes = Napi::Array::New(env, step.pushes.size());
    for (uint32_t i = 0; i < step.pushes.size(); ++i) {
        Napi::Object push = Napi::Object::New(env);
        push["row"] = step.pushes[i].row;
        push["layer"] = step.pushes[i].layer;
        push["weight"] = step.pushes[i].weight;
        push["nats"] = step.pushes[i].nats;
        pushes[i] = push;
    }
    out["pushes"] = pushes;
    out["likely"] = to_js(env, step.likely);
    out["contrasts"] = to_js(env, step.contrasts);
    return out;
}

}  // namespace

Napi::Error to_js_error(Napi::Env env, ErrorCode code, const std::string & message) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", Napi::String::New(env, to_string(code)));
    return error;
}

Napi::Value field(const Napi::Object & object, const char * name) {
    Napi::Value value = object.Get(name);
    if (value.IsUndefined()) throw Napi::TypeError::New(object.Env(), std::string("missing field ") + name);
    return value;
}

Napi::Array array_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Array>(object, name, &Napi::Value::IsArray, "array");
}

std::vector<std::string> strings_field(const Napi::Object & object, const char * name) {
    const Napi::Array array = array_field(object, name);
    std::vector<std::string> out;
    for (uint32_t i = 0; i < array.Length(); ++i) out.push_back(array.Get(i).ToString().Utf8Value());
    return out;
}

Napi::Object object_field(const Napi::Object & object, const char * name) {
    return typed_field<Napi::Object>(object, name, &Napi::Value::IsObject, "object");
}

double to_number(const Napi::Value & value, const char * name, double least, double most) {
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(number >= least && number <= most)) refuse(value, name, "a number", least, most);
    return number;
}

int64_t to_integer(const Napi::Value & value, const char * name, double least, double most) {
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(number >= least && number <= most && number == std::trunc(number)))
        refuse(value, name, "an integer", least, most);
    return static_cast<int64_t>(number);
}

double number_field(const Napi::Object & object, const char * name, double least, double most) {
    return to_number(field(object, name), name, least, most);
}

int int_field(const Napi::Object & object, const char * name, int least, int most) {
    return static_cast<int>(to_integer(field(object, name), name, least, most));
}

int top_k_field(const Napi::Object & object) {
    const int64_t k = to_integer(field(object, "topK"), "topK", 0, kMaxSafeInteger);
    return static_cast<int>(std::min<int64_t>(k, INT_MAX));  // no vocabulary has more tokens
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
    options.n_gpu_layers = int_field(object, "gpuLayers", -1);
    options.main_gpu = int_field(object, "mainGpu", 0);
    const std::string split = field(object, "splitMode").ToString().Utf8Value();
    options.split_mode = split == "none"     ? SplitMode::kNone
                         : split == "row"    ? SplitMode::kRow
                         : split == "tensor" ? SplitMode::kTensor
                                             : SplitMode::kLayer;
    const Napi::Array shares = array_field(object, "tensorSplit");
    for (uint32_t i = 0; i < shares.Length(); ++i)
        options.tensor_split.push_back(static_cast<float>(to_number(shares.Get(i), "tensorSplit", 0, kMaxShare)));
    options.mmap = typed_field<Napi::Boolean>(object, "mmap", &Napi::Value::IsBoolean, "boolean").Value();
    options.rpc_servers = strings_field(object, "rpcServers");
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
    out["secondSeconds"] = c.second_seconds;
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
        out["stop"] = row.stop;
        out["logProb"] = row.log_prob;
        Napi::Float64Array contrast_norms = Napi::Float64Array::New(env, row.contrast_norms.size());
        std::copy(row.contrast_norms.begin(), row.contrast_norms.end(), contrast_norms.Data());
        out["contrastNorms"] = contrast_norms;
        rows[m] = out;
    }
    Napi::Object out = Napi::Object::New(env);
    out["index"] = static_cast<double>(result.index);
    out["rows"] = rows;
    if (!result.trace.empty()) {
        Napi::Array trace = Napi::Array::New(env, result.trace.size());
        for (uint32_t i = 0; i < result.trace.size(); ++i) trace[i] = to_js(env, result.trace[i]);
        out["trace"] = trace;
        Napi::Object pieces = Napi::Object::New(env);
        for (const auto & [token, piece] : result.pieces)
            pieces.Set(static_cast<uint32_t>(token), Napi::String::New(env, piece));
        out["pieces"] = pieces;
    }
    return out;
}

}  // namespace corrsynth
