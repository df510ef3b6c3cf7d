// Between JavaScript values and the engine's plain structs. lib/ has validated what a person can type; what is wrong
// here is a bug of ours, so the messages are short.
#pragma once
#include <napi.h>

#include <cfloat>
#include <climits>
#include <string>
#include <vector>

#include "engine/devices.h"
#include "engine/error.h"
#include "engine/generate.h"

namespace corrsynth {

// A JavaScript error whose `code` is the engine's.
Napi::Error to_js_error(Napi::Env env, ErrorCode code, const std::string & message);

constexpr double kMaxSafeInteger = 9007199254740991.0;  // up to which every integer is a number of JavaScript

// A number of least..most, and an integer of that range: every number comes in through one of these, which look at it
// before it is narrowed. Throw a RangeError with its name, the range and what came instead.
double to_number(const Napi::Value & value, const char * name, double least, double most);
int64_t to_integer(const Napi::Value & value, const char * name, double least, double most);

Napi::Value field(const Napi::Object & object, const char * name);  // throws where it is not there
Napi::Array array_field(const Napi::Object & object, const char * name);
std::vector<std::string> strings_field(const Napi::Object & object, const char * name);
Napi::Object object_field(const Napi::Object & object, const char * name);
double number_field(const Napi::Object & object, const char * name, double least, double most = DBL_MAX);
int int_field(const Napi::Object & object, const char * name, int least, int most = INT_MAX);
int top_k_field(const Napi::Object & object);  // "topK": 0 is off
bool bool_field(const Napi::Object & object, const char * name);
uint64_t uint64_field(const Napi::Object & object, const char * name);  // from a BigInt

std::vector<int32_t> to_int32s(const Napi::Value & value);  // from an Int32Array
Napi::Int32Array to_js(Napi::Env env, const std::vector<int32_t> & values);

GenerationOptions to_generation_options(const Napi::Object & object);  // generation_options.cpp
DeviceOptions to_device_options(const Napi::Object & object);
Napi::Array to_js(Napi::Env env, const std::vector<DeviceInfo> & devices);
Napi::Object to_js(Napi::Env env, const Counters & counters);
Napi::Object to_js(Napi::Env env, const GroupResult & result);

}  // namespace corrsynth
