package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@link ServerProgram} in a process of its own, and what the system and its log tell of it. With
 * {@code -Dfaults.log=true} its log is printed.
 */
final class Child implements AutoCloseable {

    private static final int TICKS_PER_SECOND = 100;

    /**
     * How to start one.
     *
     * @param transport {@code epoll} or {@code nio}
     * @param blocking whether every handler runs on a virtual thread of its own
     * @param openFiles its {@code ulimit -n}; 0 for that of this process
     * @param heap its largest heap, as {@code -Xmx} understands it
     * @param maxConnections its limit of connections; 0 for the default
     * @param directory where its files are
     */
    record Settings(String transport, boolean blocking, int openFiles, String heap, int maxConnections,
            Path directory) {

        static Settings of(String transport) {
            return new Settings(transport, false, 0, "256m", 0, Path.of("."));
        }

        Settings withBlocking(boolean value) {
            return new Settings(transport, value, openFiles, heap, maxConnections, directory);
        }

        Settings withOpenFiles(int value) {
            return new Settings(transport, blocking, value, heap, maxConnections, directory);
        }

        Settings withHeap(String value) {
            return new Settings(transport, blocking, openFiles, value, maxConnections, directory);
        }

        Settings withMaxConnections(int value) {
            return new Settings(transport, blocking, openFiles, heap, value, directory);
        }

        Settings withDirectory(Path value) {
            return new Settings(transport, blocking, openFiles, heap, maxConnections, value);
        }

        Child start() throws IOException {
            return new Child(this);
        }

        private List<String> command() {
            List<String> command = new ArrayList<>();
            if (openFiles > 0) {
                command.addAll(List.of("sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", "" + openFiles));
            }
            command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea",
                    "-Xmx" + heap, "-cp", System.getProperty("java.class.path"),
                    "--enable-native-access=ALL-UNNAMED", "-Dfaults.transport=" + transport,
                    "-Dfaults.blocking=" + blocking, "-Dfaults.maxConnections=" + maxConnections,
                    "-Dfaults.directory=" + directory, ServerProgram.class.getName()));
            return command;
        }
    }

    /**
     * What the server tells of itself.
     *
     * @param open connections now, but for the one that asks
     * @param accepted connections since the start
     * @param requests requests since the start
     * @param refused those of them that it has refused
     * @param heapBytes what is in use of its heap
     */
    record Statistics(int open, long accepted, long requests, long refused, long heapBytes) {

        private static Statistics parse(String text, int asking) {
            String[] numbers = text.split(" ");
            return new Statistics(Integer.parseInt(numbers[0]) - asking, Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]), Long.parseLong(numbers[3]), Long.parseLong(numbers[4]));
        }
    }

    final String transport;
    private final Process process;
    private final Path proc;
    private final Path log;
    private final BufferedReader output;
    private final int port;
    private Wire control;

    private Child(Settings settings) throws IOException {
        transport = settings.transport();
        log = Files.createTempFile("faults-" + transport, ".log");
        process = new ProcessBuilder(settings.command()).redirectError(log.toFile()).start();
        proc = Path.of("/proc", "" + process.pid());
        output = process.inputReader(UTF_8);
        String ready = output.readLine();
        if (ready == null) {
            throw new IOException("the server did not start: " + log());
        }
        port = Integer.parseInt(ready.substring("ready ".length()));
        control = new Wire(port);
    }

    int port() {
        return port;
    }

    /** Asks the server, on a connection that is kept for that. */
    synchronized Statistics statistics() throws IOException {
        return ask("/statistics");
    }

    /** Asks the server what is left after a collection of garbage. */
    synchronized Statistics statisticsOfLiveObjects() throws IOException {
        ask("/statistics?gc");
        return ask("/statistics?gc");
    }

    private Statistics ask(String target) throws IOException {
        String text;
        try {
            text = control.send(Wire.get(target)).read("GET").text();
        } catch (IOException idleForTooLong) {
            control.close();
            control = new Wire(port);
            text = control.send(Wire.get(target)).read("GET").text();
        }
        return Statistics.parse(text, 1);
    }

    /** Waits until there is no connection but that of the one who asks; returns how long that took. */
    Duration awaitNoConnection(Duration patience) throws IOException {
        long begin = System.nanoTime();
        while (statistics().open() > 0) {
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new AssertionError(statistics() + " after " + patience);
            }
            Thread.onSpinWait();
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Waits until it does nothing any more of what a server does beside its start. */
    void awaitStart() throws IOException {
        while (threads().contains("selvedge-precau")) {
            Thread.onSpinWait();
        }
    }

    /** Returns the names of its threads; virtual ones are none of the system's. */
    List<String> threads() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.list(proc.resolve("task"))) {
            for (Path each : all.toList()) {
                try {
                    names.add(Files.readString(each.resolve("comm")).strip());
                } catch (IOException e) {
                    // it has ended between being listed and being asked: ENOENT, or ESRCH
                }
            }
        }
        return names;
    }

    /** Returns the time that it has used of all processors. */
    Duration cpu() throws IOException {
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND);
    }

    /** Returns how much of one processor it uses, in percent, during the next time. */
    int cpuPercentDuring(Duration time) throws IOException, InterruptedException {
        Duration before = cpu();
        Thread.sleep(time);
        return (int) (cpu().minus(before).toMillis() * 100 / time.toMillis());
    }

    int descriptors() throws IOException {
        try (Stream<Path> all = Files.list(proc.resolve("fd"))) {
            return (int) all.count();
        }
    }

    /** Returns its memory now in MiB, all of it: the heap, code, stacks, buffers. */
    int residentMebibytes() throws IOException {
        return status("VmRSS:");
    }

    int largestResidentMebibytes() throws IOException {
        return status("VmHWM:");
    }

    private int status(String name) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith(name)) {
                return Integer.parseInt(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no " + name);
    }

    /** Returns what it has logged. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Returns how many warnings it has logged. */
    long warnings() throws IOException {
        return log().lines().filter(line -> line.startsWith("WARNING: ")).count();
    }

    /** Asks it to stop in order; returns its last figures when it has. */
    Statistics stop() throws IOException, InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        return Statistics.parse(output.readLine(), 0);
    }

    /** Prints what was measured, in a line that can be quoted. */
    void figures(String rule, String text, Object... values) {
        IO.println("[faults] " + rule + " | " + transport + " | " + text.formatted(values));
    }

    @Override
    public void close() throws IOException {
        control.close();
        process.destroyForcibly();
        if (Boolean.getBoolean("faults.log")) {
            IO.println(log());
        }
        Files.deleteIfExists(log);
    }
}
