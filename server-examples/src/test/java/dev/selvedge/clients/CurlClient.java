package dev.selvedge.clients;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The program curl, a process for each call. */
final class CurlClient implements Client {

    static final Path PROGRAM = Path.of("/usr/bin/curl");

    /** For example "7.88.1"; empty if there is no curl. */
    static final String VERSION = isInstalled() ? version() : "";

    private static final int OPERATION_TIMEDOUT = 28;

    private final Duration timeout;
    private volatile Process process;

    CurlClient(Duration timeout) {
        this.timeout = timeout;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    private static String version() {
        try {
            Process curl = new ProcessBuilder(PROGRAM.toString(), "--version").start();
            return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Answer send(Call call) throws IOException {
        Path directory = Files.createTempDirectory("curl");
        Path head = directory.resolve("head");
        Path body = directory.resolve("body");
        Path upload = directory.resolve("upload");
        Path complaint = directory.resolve("complaint");
        try {
            if (call.body() != null) {
                Files.write(upload, call.body());
            }
            Files.createFile(head);
            Files.createFile(body);
            int status = run(command(call, head, body, upload), complaint);
            if (status != 0) {
                throw new Failure(status, Files.readString(complaint).strip());
            }
            return answer(Files.readString(head, StandardCharsets.ISO_8859_1),
                    call.method().equals("HEAD") ? new byte[0] : Files.readAllBytes(body));     // else the head again
        } finally {
            for (Path file : List.of(head, body, upload, complaint, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private List<String> command(Call call, Path head, Path body, Path upload) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-q", "-sS", "-L",
                "--max-time", String.valueOf(timeout.toMillis() / 1000.0),
                "-D", head.toString(), "-o", body.toString()));
        if (call.method().equals("HEAD")) {
            command.add("--head");
        } else if (!call.method().equals("GET")) {
            command.addAll(List.of("-X", call.method()));
        }
        call.headers().forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
        if (call.body() != null) {
            command.addAll(call.chunked() ? List.of("-T", upload.toString(), "-H", "Transfer-Encoding: chunked")
                    : List.of("--data-binary", "@" + upload));
            command.addAll(List.of("-H", call.expectContinue() ? "Expect: 100-continue" : "Expect:"));
        }
        command.add(call.uri().toString());
        return command;
    }

    private int run(List<String> command, Path complaint) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(complaint.toFile());
        builder.environment().keySet().removeIf(name -> name.toLowerCase().endsWith("_proxy"));
        process = builder.start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(e.toString());
        }
    }

    /** Makes sense of what curl has written: the heads of all responses, the last one's trailers behind it. */
    private static Answer answer(String lines, byte[] body) {
        int status = 0;
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, List<String>> trailers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        boolean behind = false;
        for (String line : lines.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (line.startsWith("HTTP/")) {
                status = Integer.parseInt(line.split(" ")[1]);
                headers.clear();
                behind = false;
            } else if (line.isEmpty()) {
                behind = true;
            } else if (colon > 0) {
                (behind ? trailers : headers).computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return new Answer(status, headers, body, trailers);
    }

    @Override
    public boolean isTimeout(IOException failure) {
        return failure instanceof Failure curl && curl.status == OPERATION_TIMEDOUT;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** That curl has not ended with 0. */
    private static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        Failure(int status, String complaint) {
            super("curl ended with " + status + ": " + complaint);
            this.status = status;
        }
    }
}
