package dev.selvedge.contract;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One chapter of the {@link TransportContract}: each rule gets a bench of its own. */
abstract class TransportRules {

    TransportBench bench;

    abstract TransportBench newBench() throws IOException;

    @BeforeEach
    void setUp() throws IOException {
        bench = newBench();
    }

    @AfterEach
    void tearDown() throws IOException {
        bench.close();
    }
}
