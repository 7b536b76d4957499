// The script of a page drawn by sigma.js.
import { run } from "./shell";
import { withSigma } from "./with-sigma";

void run((box, scene, hands) => {
  const test = document.createElement("canvas").getContext("webgl2") ?? document.createElement("canvas").getContext("webgl");
  if (!test) throw new Error("no WebGL");
  test.getExtension("WEBGL_lose_context")?.loseContext();
  return withSigma(box, scene, hands);
});
