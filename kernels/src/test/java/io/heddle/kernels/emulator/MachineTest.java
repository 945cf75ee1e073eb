package io.heddle.kernels.emulator;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that talk to the emulated driver itself: each has a context of its own with one module. */
abstract class MachineTest {
    private final String module;
    EmulatedDriver driver;
    Machine machine;

    /** @param module the name of its file of kernels */
    MachineTest(String module) {
        this.module = module;
    }

    @BeforeEach
    void open() throws IOException {
        driver = EmulatedDriver.load();
        machine = new Machine(module);
    }

    @AfterEach
    void close() {
        driver.reverse(false);
        if (machine != null) {
            machine.close();
        }
    }
}
