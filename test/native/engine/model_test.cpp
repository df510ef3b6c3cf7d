#include "engine/model.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

std::string bytes_of(const std::string & path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A file that is there as long as the object.
struct TemporaryFile {
    std::string path;
    explicit TemporaryFile(const std::string & bytes) {
        static int n = 0;
        path = (std::filesystem::temp_directory_path() /
                ("corrsynth-" + std::to_string(::getpid()) + "-" + std::to_string(n++)));
        std::ofstream(path, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::remove(path.c_str()); }
};

std::string refusal(const std::string & path) {
    try {
        Model::load(path);
    } catch (const EngineError & error) {
        CHECK(error.code() == ErrorCode::kModelLoad);
        return error.what();
    }
    return "it was loaded";
}

bool contains(const std::string & text, const std::string & part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the demo teacher says what it is") {
    const ModelInfo & info = demo_model()->info();
    CHECK(info.architecture == "llama");
    CHECK(info.n_vocab == 3072);
    CHECK(info.n_layers == 5);
    CHECK(info.n_ctx_train == 2048);
    CHECK(info.chat_template.empty());
    CHECK(info.kv_bytes_per_token == 5 * 3 * (64 + 64) * 2);
}

#ifdef __linux__
TEST_CASE("a file that is cut while it is mapped is an error, not the end of the process") {
    const TemporaryFile file(bytes_of(CORRSYNTH_DEMO_MODEL));
    const auto model = Model::load(file.path);
    DeviceOptions unmapped;
    unmapped.mmap = false;
    const auto read = Model::load(file.path, unmapped);
    std::filesystem::resize_file(file.path, 8192);
    const GroupShape shape = hybrid_shape(1, 0, 0);
    const std::atomic<bool> never{false};
    for (const auto & [given, is_whole] : {std::pair{model, false}, {demo_model(), true}, {read, true}}) {
        GroupList groups(shape, 1);
        try {
            generate(given, options_for(shape), groups, never);
            CHECK(is_whole);
        } catch (const EngineError & error) {
            CHECK_FALSE(is_whole);
            CHECK(error.code() == ErrorCode::kModelLoad);
            CHECK(contains(error.what(), "its file was cut shorter"));
        }
    }
    CHECK(contains(refusal(file.path), "header is damaged or cut short"));
}
#endif

TEST_CASE("what is no model is refused by what it is") {
    const std::string model = bytes_of(CORRSYNTH_DEMO_MODEL);
    CHECK(contains(refusal("/nowhere/model.gguf"), "there is no such file"));
    CHECK(contains(refusal("/"), "empty or not a regular file"));
    CHECK(contains(refusal(TemporaryFile("").path), "empty"));
    CHECK(contains(refusal(TemporaryFile("PK\x03\x04 zip").path), "it starts with \"PK\\x03\\x04\""));
    CHECK(contains(refusal(TemporaryFile("GG").path), "it starts with \"GG\""));
    CHECK(contains(refusal(TemporaryFile(model.substr(0, 4)).path), "damaged or cut short"));
    CHECK(contains(refusal(TemporaryFile(model.substr(0, 5000)).path), "damaged or cut short"));
    CHECK(refusal(TemporaryFile(model.substr(0, model.size() - 1)).path) != "it was loaded");
    CHECK(refusal(TemporaryFile(model.substr(0, model.size() / 2)).path) != "it was loaded");
}

TEST_CASE("loading can be stopped") {
    const std::atomic<bool> stop{true};
    try {
        Model::load(CORRSYNTH_DEMO_MODEL, {}, &stop);
        FAIL("it was loaded");
    } catch (const EngineError & error) {
        CHECK(error.code() == ErrorCode::kCancelled);
    }
}

TEST_CASE("prompts begin with one begin-of-sequence token") {
    const Vocabulary & vocabulary = demo_model()->vocabulary();
    const std::vector<int32_t> plain = vocabulary.tokenize({{"Definition of a plant:", false}});
    CHECK(plain.front() == 0);
    CHECK(plain[1] != 0);
    CHECK(vocabulary.tokenize({{"<bos>", true}, {"Definition of a plant:", false}}) == plain);
    CHECK(vocabulary.tokenize({}) == std::vector<int32_t>{0});
}

TEST_CASE("control tokens in ordinary text are text") {
    const Vocabulary & vocabulary = demo_model()->vocabulary();
    const std::vector<int32_t> special = vocabulary.tokenize({{"<eos>", true}});
    const std::vector<int32_t> ordinary = vocabulary.tokenize({{"<eos>", false}});
    CHECK(special == std::vector<int32_t>{0, 1});
    CHECK(ordinary.size() > 2);
    std::string text;
    for (const int32_t token : ordinary) text += vocabulary.piece(token);
    CHECK(text == "<eos>");
}

TEST_CASE("end tokens end, other control tokens are never drawn, and neither has a text") {
    const Vocabulary & vocabulary = demo_model()->vocabulary();
    CHECK(vocabulary.is_end(1));
    CHECK(!vocabulary.mask().is_banned(1));
    CHECK(vocabulary.mask().is_banned(0));
    CHECK(!vocabulary.mask().is_banned(2));
    CHECK(vocabulary.piece(0).empty());
    CHECK(vocabulary.piece(1).empty());
}

TEST_CASE("tokens that begin with a stop string end a text where ends are kept; that hold it further on do not") {
    const Vocabulary & vocabulary = demo_model()->vocabulary();
    const TokenMask none = vocabulary.mask_ending_at({}), stopped = vocabulary.mask_ending_at({"\n", " of"});
    int n_more = 0;
    for (int32_t token = 0; token < vocabulary.size(); ++token) {
        const std::string & piece = vocabulary.piece(token);
        const bool begins = piece.find("\n") == 0 || piece.find(" of") == 0;
        CHECK(none.is_end(token) == vocabulary.is_end(token));
        CHECK(stopped.is_end(token) == (vocabulary.is_end(token) || begins));
        CHECK(stopped.is_banned(token) == vocabulary.mask().is_banned(token));
        n_more += begins;
    }
    CHECK(n_more > 2);  // " of" and " often", say
}
