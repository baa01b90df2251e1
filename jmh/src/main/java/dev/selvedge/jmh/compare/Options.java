package dev.selvedge.jmh.compare;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * How a comparison is done.
 *
 * @param contestants the servers; the first one is what the others are set against
 * @param scenarios what the clients do
 * @param connections how many clients there are
 * @param rounds how often each server is measured in each scenario
 * @param warmUp for how long each server works in each scenario before anything counts
 * @param measured how long one measurement takes
 */
record Options(List<Contestant> contestants, List<Scenario> scenarios, int connections, int rounds, Duration warmUp,
        Duration measured) {

    static final String USAGE = """
            Options, all of them optional:
              --servers a,b      of %s
              --scenarios a,b    of %s
              --connections N    default 64
              --rounds N         default 5
              --warm-up MILLIS   for each server and scenario, default 4000
              --measured MILLIS  for each measurement, default 1000
            """.formatted(labels(Contestant.values(), Contestant::label), labels(Scenario.values(), Scenario::label));

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it is wrong; the message says how
     */
    static Options parse(List<String> words) {
        List<Contestant> contestants = List.of(Contestant.values());
        List<Scenario> scenarios = List.of(Scenario.values());
        int connections = 64;
        int rounds = 5;
        int warmUp = 4000;
        int measured = 1000;
        for (Iterator<String> rest = words.iterator(); rest.hasNext();) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = rest.next();
            switch (option) {
                case "--servers" -> contestants = list(value, Contestant::of);
                case "--scenarios" -> scenarios = list(value, Scenario::of);
                case "--connections" -> connections = atLeastOne(option, value);
                case "--rounds" -> rounds = atLeastOne(option, value);
                case "--warm-up" -> warmUp = atLeastOne(option, value);
                case "--measured" -> measured = atLeastOne(option, value);
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new Options(contestants, scenarios, connections, rounds, Duration.ofMillis(warmUp),
                Duration.ofMillis(measured));
    }

    private static <T> List<T> list(String value, Function<String, T> of) {
        return Arrays.stream(value.split(",")).map(of).toList();
    }

    private static int atLeastOne(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // It is told below.
        }
        throw new IllegalArgumentException(option + " needs a number of at least 1, not " + value);
    }

    private static <T> String labels(T[] values, Function<T, String> label) {
        return String.join(",", Arrays.stream(values).map(label).toList());
    }
}
