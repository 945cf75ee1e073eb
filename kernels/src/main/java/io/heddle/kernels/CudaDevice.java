package io.heddle.kernels;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;

/**
 * What the driver says of a device.
 *
 * @param name as its maker gave it
 * @param capability its generation
 */
record CudaDevice(String name, Capability capability) {
    private static final int NAME_BYTES = 256;

    static CudaDevice of(CUdevice device) {
        byte[] name = new byte[NAME_BYTES];
        Results.driver(cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        String padded = new String(name, StandardCharsets.UTF_8);
        Capability capability = new Capability(
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        return new CudaDevice(padded.substring(0, padded.indexOf(0)).strip(), capability);
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        Results.driver(cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute " + attribute);
        return value[0];
    }

    @Override
    public String toString() {
        return name + " (compute capability " + capability + ")";
    }
}
