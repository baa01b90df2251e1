package dev.selvedge.contract;

import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One chapter of the {@link TransportContract}: each rule gets a bench of its own. */
abstract class TransportRules {

    TransportBench bench;

    abstract Transport open() throws IOException;

    @BeforeEach
    void setUp() throws IOException {
        bench = new TransportBench(open());
    }

    @AfterEach
    void tearDown() throws IOException {
        bench.close();
    }
}
