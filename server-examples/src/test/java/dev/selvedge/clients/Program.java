package dev.selvedge.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that is installed here.
 *
 * @param name the command
 * @param options what it is always told, so that neither configuration files nor proxies nor a terminal matter
 */
record Program(String name, List<String> options) {

    private static final Map<String, List<String>> OPTIONS = Map.of(
            "curl", List.of("-q", "-sS"),
            "wget", List.of("--no-config", "--no-proxy", "-nv"),
            "aria2c", List.of("--no-conf", "--quiet", "--console-log-level=error", "--disable-ipv6"));

    /**
     * How a program ended.
     *
     * @param status its exit status
     * @param output what it wrote, errors as well
     */
    record Ending(int status, String output) { }

    /** Returns a program; without it the test is skipped. */
    static Program of(String name) {
        assumeTrue(find(name).isPresent(), "there is no " + name + " here");
        return new Program(name, OPTIONS.getOrDefault(name, List.of()));
    }

    /** Returns where the first of some programs is that is installed. */
    static Optional<Path> find(String... names) {
        String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
        return Stream.of(names).flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable).findFirst();
    }

    /** Runs it to its end. */
    Ending run(Path directory, String... arguments) throws IOException, InterruptedException {
        Process process = start(directory, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(name + " does not end; it wrote: " + output);
        }
        return new Ending(process.exitValue(), output);
    }

    /** Starts it. */
    Process start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    }
}
