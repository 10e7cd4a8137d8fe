// The robot in MJCF, written from primitive shapes: six axes and a two-finger gripper, for any scene that it stands in.
import { geometry } from './kinematics.js';

/** The fingers' contype: what shall touch them has this bit in its conaffinity. */
export const fingerBit = 2;
/** The fingers' conaffinity: they touch what has this bit in its contype. */
const tableBit = 1;

const upper = geometry.upperArm;
const fore = geometry.forearm;
const hand = geometry.hand;

/** Classes of geoms and joints, with their line breaks: `touch` collides, `wood`, `dark`, `hub` and `cap` are only seen. */
export const armDefaults = `  <default>
    <geom contype="0" conaffinity="0" density="350" rgba="0.88 0.89 0.91 1"/>
    <joint armature="0.05" damping="1"/>
    <default class="hub"><geom type="cylinder" rgba="0.93 0.42 0.10 1"/></default>
    <default class="cap"><geom type="cylinder" rgba="0.16 0.18 0.22 1" density="0"/></default>
    <default class="dark"><geom rgba="0.22 0.24 0.29 1"/></default>
    <default class="wood"><geom type="box" rgba="0.80 0.68 0.53 1" density="0"/></default>
    <default class="touch"><geom group="3" density="0" friction="1 0.01 0.0001" solref="0.01 1" solimp="0.97 0.995 0.001"/></default>
  </default>
`;

const shoulderRise = () => (geometry.shoulder - 0.46).toFixed(3);

/** Pedestal, links, hand and fingers; the point between the fingertips is the site `grip`. */
export const armBodies =
  (): string => `    <geom class="dark" name="pedestal-foot" type="cylinder" size="0.17 0.015" pos="0 0 0.015"/>
    <geom class="dark" name="pedestal" type="cylinder" size="0.10 0.20" pos="0 0 0.2"/>
    <geom name="base" type="cylinder" size="0.115 0.03" pos="0 0 0.42"/>
    <geom class="hub" name="base-ring" size="0.118 0.006" pos="0 0 0.452"/>
    <body name="turret" pos="0 0 0.46" gravcomp="1">
      <joint name="base-yaw" axis="0 0 1" range="-2.9 2.9"/>
      <geom name="turret-column" type="cylinder" size="0.09 0.045" pos="0 0 0.045"/>
      <geom name="turret-left" type="capsule" size="0.04" fromto="0 0.075 0.06 0 0.075 ${shoulderRise()}"/>
      <geom name="turret-right" type="capsule" size="0.04" fromto="0 -0.075 0.06 0 -0.075 ${shoulderRise()}"/>
      <geom class="hub" name="shoulder-hub" size="0.062 0.108" pos="0 0 ${shoulderRise()}" euler="1.5707963 0 0"/>
      <geom class="cap" name="shoulder-cap" size="0.045 0.118" pos="0 0 ${shoulderRise()}" euler="1.5707963 0 0"/>
      <body name="upper-arm" pos="0 0 ${shoulderRise()}" gravcomp="1">
        <joint name="shoulder" axis="0 1 0" range="-1.6 2.2"/>
        <geom name="upper-arm-lower" type="capsule" size="0.056" fromto="0 0 0.03 0 0 ${0.45 * upper}"/>
        <geom name="upper-arm-upper" type="capsule" size="0.047" fromto="0 0 ${0.45 * upper} 0 0 ${upper}"/>
        <geom class="hub" name="elbow-hub" size="0.054 0.066" pos="0 0 ${upper}" euler="1.5707963 0 0"/>
        <geom class="cap" name="elbow-cap" size="0.038 0.074" pos="0 0 ${upper}" euler="1.5707963 0 0"/>
        <body name="elbow-link" pos="0 0 ${upper}" gravcomp="1">
          <joint name="elbow" axis="0 1 0" range="-0.2 2.8"/>
          <geom name="forearm-near" type="capsule" size="0.044" fromto="0 0 0.03 0 0 ${0.4 * fore}"/>
          <geom class="hub" name="forearm-ring" size="0.046 0.008" pos="0 0 ${0.5 * fore}"/>
          <body name="forearm" pos="0 0 ${0.5 * fore}" gravcomp="1">
            <joint name="forearm-roll" axis="0 0 1" range="-2.9 2.9"/>
            <geom name="forearm-far" type="capsule" size="0.037" fromto="0 0 0 0 0 ${0.5 * fore - 0.01}"/>
            <geom class="hub" name="wrist-hub" size="0.043 0.05" pos="0 0 ${0.5 * fore}" euler="1.5707963 0 0"/>
            <geom class="cap" name="wrist-cap" size="0.030 0.057" pos="0 0 ${0.5 * fore}" euler="1.5707963 0 0"/>
            <body name="wrist-link" pos="0 0 ${0.5 * fore}" gravcomp="1">
              <joint name="wrist" axis="0 1 0" range="-0.3 2.9"/>
              <geom name="wrist-column" type="cylinder" size="0.033 0.03" pos="0 0 0.045"/>
              <body name="hand" pos="0 0 0.075" gravcomp="1">
                <joint name="hand-roll" axis="0 0 1" range="-2.9 2.9"/>
                <geom class="hub" name="hand-flange" size="0.036 0.006"/>
                <geom class="dark" name="hand-palm" type="box" size="0.026 0.085 0.016" pos="0 0 0.022"/>
                <geom name="hand-rail" type="box" size="0.014 0.082 0.005" pos="0 0 0.042"/>
                <site name="grip" pos="0 0 ${hand - 0.075}" size="0.01" group="4"/>
${finger('left', -1)}
${finger('right', 1)}
              </body>
            </body>
          </body>
        </body>
      </body>
    </body>
`;

/** Position servos of the six axes, in order, then of the two fingers (metres from the middle). */
export const armActuators = `  <actuator>
    <position name="base-yaw" joint="base-yaw" kp="3400" kv="70" forcerange="-60 60"/>
    <position name="shoulder" joint="shoulder" kp="5000" kv="105" forcerange="-70 70"/>
    <position name="elbow" joint="elbow" kp="1700" kv="36" forcerange="-45 45"/>
    <position name="forearm-roll" joint="forearm-roll" kp="450" kv="9.5" forcerange="-12 12"/>
    <position name="wrist" joint="wrist" kp="450" kv="9.5" forcerange="-12 12"/>
    <position name="hand-roll" joint="hand-roll" kp="450" kv="9.5" forcerange="-8 8"/>
    <position name="left-finger" joint="left-finger" kp="500" kv="16" ctrlrange="0 0.05" forcerange="-12 12"/>
    <position name="right-finger" joint="right-finger" kp="500" kv="16" ctrlrange="0 0.05" forcerange="-12 12"/>
  </actuator>
`;

// A finger slides along the hand's y axis; at 0 the two touch. A capsule inside the visible box does the touching.
function finger(name: string, side: 1 | -1): string {
  const tip = hand - 0.075;
  return `                <body name="${name}-finger" gravcomp="1">
                  <joint name="${name}-finger" type="slide" axis="0 ${side} 0" range="-0.005 0.055" armature="0.1" damping="2"/>
                  <geom class="dark" name="${name}-carriage" type="box" size="0.016 0.012 0.012" pos="0 ${side * 0.014} 0.056"/>
                  <geom name="${name}-finger" type="box" size="0.011 0.007 ${(tip - 0.045) / 2}" pos="0 ${side * 0.013} ${(tip + 0.055) / 2}"/>
                  <geom class="dark" name="${name}-pad" type="box" size="0.011 0.004 0.02" pos="0 ${side * 0.0045} ${tip - 0.004}"/>
                  <geom class="touch" name="${name}-touch" type="capsule" size="0.011" fromto="0 ${side * 0.011} ${tip - 0.028} 0 ${side * 0.011} ${tip + 0.005}" contype="${fingerBit}" conaffinity="${tableBit}"/>
                </body>`;
}
