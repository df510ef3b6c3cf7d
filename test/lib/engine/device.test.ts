// Where a model is put: what is refused, what this machine has, and a model on a device behind a socket.
import { describe, expect, test } from "vitest";
import { DeviceError, devices, doctor, InvalidConfigError, loadTeacher } from "../../../lib/index.js";
import { outcome, task, words } from "../helpers/demo.js";

const refusal = (device: object) => loadTeacher("demo", device).catch((error: unknown) => error);

describe("loadTeacher's device", () => {
  test.each([
    [{ gpu: "opencl" }, "device.gpu", '"auto", "cuda", "metal", "vulkan" or false, received "opencl"'],
    [{ gpuLayers: -1 }, "device.gpuLayers", "at least 0, received -1"],
    [{ mainGpu: 0.5 }, "device.mainGpu", "an integer"],
    [{ splitMode: "half" }, "device.splitMode", '"layer" or "row" or "tensor" or "replicate" or "none"'],
    [{ tensorSplit: [1, -2] }, "device.tensorSplit[1]", "at least 0, received -2"],
    [{ mmap: "no" }, "device.mmap", 'Expected true or false, received "no"'],
    [{ rpcServers: ["localhost"] }, "device.rpcServers[0]", '"host:port"'],
    [{ rpcServers: ["localhost:70000"] }, "device.rpcServers[0]", '"host:port"'],
    [{ gpus: "all" }, "device", 'Unknown field "gpus"'],
  ])("%j: %s", async (device, path, message) => {
    const error = await refusal(device);
    expect(error).toBeInstanceOf(InvalidConfigError);
    const { issues } = error as InvalidConfigError;
    expect(issues).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test("all wrong fields are named at once", async () => {
    const error = await refusal({ gpu: 1, splitMode: 2, mainGpu: -1 });
    expect((error as InvalidConfigError).issues.map(({ path }) => path)).toEqual([
      "device.gpu",
      "device.mainGpu",
      "device.splitMode",
    ]);
  });

  test("a kind of GPU that is not there is an error that names what is", async () => {
    const missing = ["cuda", "metal", "vulkan"].filter((kind) => !devices().some(({ backend }) => backend === kind));
    expect(missing.length).toBeGreaterThan(0);
    for (const gpu of missing) {
      const error = await refusal({ gpu });
      expect(error).toBeInstanceOf(DeviceError);
      expect((error as Error).message).toMatch(
        new RegExp(`Expected a device of "${gpu}", found .*CPU.*corrsynth doctor`),
      );
    }
  });

  test("an RPC server that does not answer is an error that names it, and not the end of the process", async () => {
    const error = await refusal({ rpcServers: ["127.0.0.1:9", "127.0.0.1:10"] });
    expect(error).toBeInstanceOf(DeviceError);
    expect((error as Error).message).toBe(
      'Expected an RPC server at "127.0.0.1:9" (ECONNREFUSED) and "127.0.0.1:10" (ECONNREFUSED), but none answered: ' +
        "start llama.cpp's rpc-server there",
    );
  });

  test("false: the CPU alone, and the same texts as with no choice where there is no GPU", async () => {
    await using alone = await loadTeacher("demo", { gpu: false });
    await using automatic = await loadTeacher("demo");
    expect(alone.info.devices).toEqual([]);
    const texts = words(await outcome(alone, task({ count: 4 })));
    if (automatic.info.devices.length === 0) expect(words(await outcome(automatic, task({ count: 4 })))).toEqual(texts);
    expect((await outcome(alone, task({ count: 4 }))).report).toMatchObject({ sampler: "cpu", bytesToHost: 0 });
  });
});

describe("engine.kvType and flashAttention", () => {
  test.each(["f32", "q8_0"] as const)(
    "keys and values as %s: as many instances, and the memory that plan says",
    async (kvType) => {
      await using teacher = await loadTeacher("demo");
      const { instances } = await outcome(teacher, task({ count: 8, engine: { kvType } }));
      expect(instances.length).toBe(8);
    },
  );

  test("quantised keys and values without flash attention are refused", async () => {
    await using teacher = await loadTeacher("demo");
    const run = outcome(teacher, task({ engine: { kvType: "q8_0", flashAttention: false } }));
    await expect(run).rejects.toThrow(
      /engine\.kvType: Expected f32, f16 or bf16 without flash attention, received q8_0/,
    );
  });
});

test("the doctor names the addon, the devices, and what is missing", () => {
  const found = doctor();
  expect(found.addon).toMatch(/corrsynth\.node$/);
  expect(found.devices.map(({ backend }) => backend)).toContain("cpu");
  expect(found.threads).toBeGreaterThanOrEqual(1);
  const hasGpu = found.devices.some(({ isGpu }) => isGpu);
  expect(found.sampler === "cpu").toBe(!hasGpu);
  expect(found.findings.some((finding) => finding.startsWith("No GPU was found"))).toBe(!hasGpu);
});
