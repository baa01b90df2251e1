package dev.selvedge.examples;

import dev.selvedge.server.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An example in a JVM of its own, started as a user starts it. */
final class ExampleProgram implements AutoCloseable {

    /** All that the tests have, so JsonApi's library too. */
    static final String WHOLE_CLASS_PATH = System.getProperty("java.class.path");

    /** The three folders (or jars) that are enough for a server on epoll. */
    static final String SERVER_ALONE = Stream.of(HttpServer.class, epollProvider(), Showcase.class)
            .map(ExampleProgram::origin)
            .collect(Collectors.joining(System.getProperty("path.separator")));

    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /**
     * How a program ended.
     *
     * @param status the exit status of its process
     * @param output what it had written to standard output and nobody had read
     * @param errors what it had written to standard error
     */
    record Ending(int status, String output, String errors) { }

    /** The exit status of a JVM that was ended by SIGTERM, after its shutdown hooks. */
    static final int STATUS_OF_SIGTERM = 128 + 15;

    private final Process process;
    private final BufferedReader output;
    private final List<String> announcement = new ArrayList<>();

    private ExampleProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts an example at any free port, and waits until it has told its address. */
    static ExampleProgram start(Class<?> example, String... arguments) throws IOException {
        return start(List.of("-cp", WHOLE_CLASS_PATH, NATIVE_ACCESS), example, arguments);
    }

    /** Starts an example with these options of the JVM, and waits until it has told its address. */
    static ExampleProgram start(List<String> jvmOptions, Class<?> example, String... arguments) throws IOException {
        ExampleProgram program = launch(jvmOptions, example, arguments);
        program.readAnnouncement();
        return program;
    }

    /** Starts an example that is expected to end by itself. */
    static ExampleProgram launch(List<String> jvmOptions, Class<?> example, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-ea");
        command.add("-Dport=0");
        command.addAll(jvmOptions);
        command.add(example.getName());
        command.addAll(List.of(arguments));
        return new ExampleProgram(new ProcessBuilder(command).start());
    }

    private void readAnnouncement() throws IOException {
        String line;
        do {
            line = output.readLine();
            if (line == null) {
                throw new IOException("the program ended: " + announcement + errors());
            }
            announcement.add(line);
        } while (!line.contains("http://"));
    }

    /** Returns what it has written until it told its address, that line included. */
    List<String> announcement() {
        return List.copyOf(announcement);
    }

    /** Returns the address that it has told. */
    URI uri() {
        String line = announcement.getLast();
        return URI.create(line.substring(line.indexOf("http://")).split(" ")[0]);
    }

    /** Sends it SIGTERM, and unlike {@link Process#destroy} leaves its output to be read. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Waits for its end, if that comes soon. */
    Ending awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the program does not end");
        }
        return new Ending(process.exitValue(), output.lines().collect(Collectors.joining("\n")), errors());
    }

    private String errors() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Class<?> epollProvider() {
        try {
            return Class.forName("dev.selvedge.epoll.EpollTransportProvider");
        } catch (ClassNotFoundException e) {
            throw new AssertionError("server-native-epoll is not on the class path of the tests", e);
        }
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
