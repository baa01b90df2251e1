package dev.selvedge.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void aComparisonHasAFigureForEachServerAndScenario() throws Exception {
        Options options = new Options(List.of(Contestant.SELVEDGE_NIO, Contestant.JDK),
                List.of(Scenario.values()), 4, 1,
                SHORT, SHORT);

        Figures figures = Comparison.run(options, new Processors(List.of()),
                new PrintStream(OutputStream.nullOutputStream()));

        for (Contestant contestant : options.contestants()) {
            for (Scenario scenario : options.scenarios()) {
                double micros = figures.median(contestant, scenario);
                assertTrue(micros >= 0 && micros < 1e6, contestant + ", " + scenario + ": " + micros);
            }
        }
        assertEquals(2 + options.contestants().size(), figures.table().lines().count());
    }

    @Test
    void theMedianIsWhatIsToldAndTheFirstServerIsTheMeasure() {
        Options options = Options.parse(List.of("--servers", "selvedge-epoll,netty", "--scenarios", "json",
                "--rounds", "3"));
        Figures figures = new Figures(options);
        double[] micros = {8, 9, 40};
        for (int round = 0; round < micros.length; round++) {
            figures.put(Contestant.SELVEDGE_EPOLL, Scenario.JSON, round, micros[round]);
            figures.put(Contestant.NETTY, Scenario.JSON, round, 2 * micros[round]);
        }

        assertEquals("""
                | server | json, µs | ± | ratio |
                |---|--:|--:|--:|
                | selvedge-epoll | 9.00 | 178 % | 1.00 |
                | netty | 18.00 | 178 % | 2.00 |""", figures.table());
    }

    @Test
    void whatIsNotAnOptionIsSaid() {
        assertEquals("there is no server tomcat", assertThrows(IllegalArgumentException.class,
                () -> Options.parse(List.of("--servers", "tomcat"))).getMessage());
        assertEquals("--rounds needs a number of at least 1, not 0", assertThrows(IllegalArgumentException.class,
                () -> Options.parse(List.of("--rounds", "0"))).getMessage());
    }
}
