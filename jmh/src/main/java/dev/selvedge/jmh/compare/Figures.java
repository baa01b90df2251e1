package dev.selvedge.jmh.compare;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What was measured: processor time per request, in microseconds, for each server, scenario and round. */
final class Figures {

    private final Map<Contestant, Map<Scenario, double[]>> micros = new EnumMap<>(Contestant.class);
    private final Options options;

    Figures(Options options) {
        this.options = options;
        for (Contestant contestant : options.contestants()) {
            Map<Scenario, double[]> byScenario = new EnumMap<>(Scenario.class);
            options.scenarios().forEach(scenario -> byScenario.put(scenario, new double[options.rounds()]));
            micros.put(contestant, byScenario);
        }
    }

    void put(Contestant contestant, Scenario scenario, int round, double microsPerRequest) {
        micros.get(contestant).get(scenario)[round] = microsPerRequest;
    }

    double median(Contestant contestant, Scenario scenario) {
        double[] sorted = sorted(contestant, scenario);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns half of the way from the least to the largest figure, in percent of the median. */
    private double spread(Contestant contestant, Scenario scenario) {
        double[] sorted = sorted(contestant, scenario);
        return 50 * (sorted[sorted.length - 1] - sorted[0]) / median(contestant, scenario);
    }

    private double[] sorted(Contestant contestant, Scenario scenario) {
        double[] sorted = micros.get(contestant).get(scenario).clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Returns a table in Markdown; the ratios are those of the medians to the first server's. */
    String table() {
        Contestant first = options.contestants().getFirst();
        StringJoiner heading = new StringJoiner(" | ", "| server | ", " |");
        for (Scenario scenario : options.scenarios()) {
            heading.add(scenario.label() + ", µs").add("±").add("ratio");
        }
        StringBuilder table = new StringBuilder().append(heading)
                .append("\n|---|").append("--:|--:|--:|".repeat(options.scenarios().size()));
        for (Contestant contestant : options.contestants()) {
            table.append("\n| ").append(contestant.label()).append(" |");
            for (Scenario scenario : options.scenarios()) {
                double median = median(contestant, scenario);
                table.append(String.format(Locale.ROOT, " %.2f | %.0f %% | %.2f |", median,
                        spread(contestant, scenario), median / median(first, scenario)));
            }
        }
        return table.toString();
    }
}
