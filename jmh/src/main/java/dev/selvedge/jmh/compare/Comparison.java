package dev.selvedge.jmh.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares this server with others: how much processor time each needs for a request.
 *
 * <p>All servers run at the same time, each in a process of its own, but only one at a time has something to do. Each
 * works in each scenario for a while before anything counts, so that its code is compiled. Then they take turns, round
 * for round, because what else the machine does changes from minute to minute; what counts is the median.
 */
final class Comparison {

    /** Fills the caches again, behind the turn of another server. */
    private static final Duration RUN_UP = Duration.ofMillis(200);

    private final Options options;
    private final PrintStream progress;
    private final Map<Contestant, ServerProcess> servers = new EnumMap<>(Contestant.class);

    private Comparison(Options options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    static void main(String[] args) throws IOException {
        List<String> words = List.of(String.join(" ", args).strip().split("\\s+"));
        Options options;
        try {
            options = Options.parse(words.getFirst().isEmpty() ? List.of() : words);
        } catch (IllegalArgumentException e) {
            System.err.print(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Processors processors = Processors.bind();
        Figures figures = run(options, processors, System.err);
        IO.println("Processor time per request in microseconds, median of " + options.rounds() + " rounds of "
                + options.measured().toMillis() + " ms; " + options.connections() + " connections; "
                + processors.describe() + "; Java " + System.getProperty("java.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        IO.println();
        IO.println(figures.table());
    }

    /** Does the whole comparison. */
    static Figures run(Options options, Processors processors, PrintStream progress) throws IOException {
        Comparison comparison = new Comparison(options, progress);
        try {
            comparison.start(processors);
            return comparison.measure();
        } finally {
            comparison.servers.values().forEach(ServerProcess::close);
        }
    }

    private void start(Processors processors) throws IOException {
        for (Contestant contestant : options.contestants()) {
            servers.put(contestant, ServerProcess.start(contestant, processors));
        }
        for (Contestant contestant : options.contestants()) {
            progress.println(contestant.label() + " is warmed up");
            for (Scenario scenario : options.scenarios()) {
                try (Clients clients = clients(contestant, scenario)) {
                    clients.askFor(options.warmUp());
                }
            }
        }
    }

    private Figures measure() throws IOException {
        Figures figures = new Figures(options);
        for (int round = 0; round < options.rounds(); round++) {
            for (Scenario scenario : options.scenarios()) {
                progress.println("round " + (round + 1) + ", " + scenario.label());
                for (Contestant contestant : options.contestants()) {
                    figures.put(contestant, scenario, round, microsPerRequest(contestant, scenario));
                }
            }
        }
        return figures;
    }

    private double microsPerRequest(Contestant contestant, Scenario scenario) throws IOException {
        ServerProcess server = servers.get(contestant);
        try (Clients clients = clients(contestant, scenario)) {
            clients.askFor(RUN_UP);
            Duration before = server.processorTime();
            long answers = clients.askFor(options.measured());
            return server.processorTime().minus(before).toNanos() / 1e3 / answers;
        }
    }

    private Clients clients(Contestant contestant, Scenario scenario) throws IOException {
        return new Clients(servers.get(contestant).address(), scenario, options.connections());
    }
}
