// Discs for sigma.js: as its own circles, with a thin darker rim, a least size on the screen, and colours
// multiplied by their alpha, which sigma's blending wants and its circles do not do.

import { NodeProgram } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_rim;
attribute vec2 a_position;
attribute float a_size;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
uniform float u_pixelRatio;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_diff;
varying float v_radius;
varying float v_soft;
const float bias = 255.0 / 254.0;

void main() {
  float pixels = max(a_size / u_sizeRatio, 0.8);
  float size = pixels * u_correctionRatio * 4.0;
  v_diff = size * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + v_diff, 1)).xy, 0, 1);
  v_radius = size / 2.0;
  v_soft = u_correctionRatio * 2.0;
  #ifdef PICKING_MODE
  v_color = a_id;
  v_rim = a_id;
  #else
  v_color = a_color;
  v_rim = pixels < 2.5 ? a_color : a_rim;
  #endif
  v_color.a *= bias;
  v_rim.a *= bias;
}
`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec4 v_rim;
varying vec2 v_diff;
varying float v_radius;
varying float v_soft;

void main(void) {
  float far = length(v_diff) - v_radius;
  #ifdef PICKING_MODE
  gl_FragColor = far > 0.0 ? vec4(0.0) : v_color;
  #else
  float cover = 1.0 - smoothstep(-v_soft, 0.0, far);
  vec3 colour = mix(v_color.rgb, v_rim.rgb, smoothstep(-2.2 * v_soft, -1.2 * v_soft, far));
  gl_FragColor = vec4(colour * cover, cover);
  #endif
}
`;

const { UNSIGNED_BYTE, FLOAT, TRIANGLES } = WebGLRenderingContext;
const UNIFORMS = ["u_sizeRatio", "u_correctionRatio", "u_matrix", "u_pixelRatio"] as const;

export class DiscProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
  getDefinition() {
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_rim", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
    };
  }

  processVisibleItem(index: number, start: number, data: NodeDisplayData & { rim?: string }): void {
    const array = this.array;
    array[start++] = data.x;
    array[start++] = data.y;
    array[start++] = data.size;
    array[start++] = floatColor(data.color);
    array[start++] = floatColor(data.rim ?? data.color);
    array[start++] = index;
  }

  setUniforms({ sizeRatio, correctionRatio, matrix, pixelRatio }: RenderParams, { gl, uniformLocations }: { gl: WebGLRenderingContext; uniformLocations: Record<string, WebGLUniformLocation> }): void {
    gl.uniform1f(uniformLocations["u_correctionRatio"]!, correctionRatio);
    gl.uniform1f(uniformLocations["u_sizeRatio"]!, sizeRatio);
    gl.uniform1f(uniformLocations["u_pixelRatio"]!, pixelRatio);
    gl.uniformMatrix3fv(uniformLocations["u_matrix"]!, false, matrix);
  }
}
