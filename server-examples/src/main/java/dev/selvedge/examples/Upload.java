package dev.selvedge.examples;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Takes files of any size to a directory, and gives them back. No file is ever in memory as a whole: a body is written
 * while it arrives, and a client that sends faster than the disk writes is slowed down.
 *
 * <pre>
 * curl -i -T holiday.mp4 http://localhost:8080/files/
 * curl -i http://localhost:8080/files
 * curl -O http://localhost:8080/files/holiday.mp4
 * </pre>
 *
 * <p>A browser shows a form at the root. Only programs on this machine reach the server: it listens on localhost.
 */
final class Upload {

    /** Far more than the 8 MiB that a server takes where nothing is said. */
    private static final long MAX_FILE_BYTES = 100L << 30;

    private static final int MAX_NAME_LENGTH = 100;

    private static final Response FORM = Response.html("""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Upload</title>
            <h1>Upload</h1>
            <p><input type="file" aria-label="File"> <a href="/files">What is there</a>
            <pre style="white-space: pre-wrap; overflow-wrap: anywhere"></pre>
            <script>
              const show = text => document.querySelector('pre').textContent = text;
              document.querySelector('input').onchange = async event => {
                const file = event.target.files[0];
                show('Sending ' + file.size + ' bytes …');
                const answer = await fetch('/files/' + encodeURIComponent(file.name), {method: 'PUT', body: file});
                show(await answer.text());
              };
            </script>
            """);

    private final Path directory;

    private Upload(Path directory) {
        this.directory = directory;
    }

    /** Starts it with the directory that is given, or a new one. */
    static void main(String[] args) throws IOException {
        Path directory =
                args.length > 0 ? Files.createDirectories(Path.of(args[0])) : Files.createTempDirectory("upload");
        HttpServer server = start(Integer.getInteger("port", 8080), directory);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        IO.println("Upload is at " + server.uri() + " over " + server.transport() + "; press Ctrl-C to stop it");
        IO.println("The files go to " + directory.toAbsolutePath());
    }

    static HttpServer start(int port, Path directory) {
        Upload upload = new Upload(directory);
        return HttpServer.builder()
                .listen("localhost", port)
                .handler(Router.builder()
                        .get("/", request -> FORM)
                        .get("/files", upload::list)
                        .get("/files/{name}", upload::send)
                        .put("/files/{name}", Handler.withMaxBodyBytes(MAX_FILE_BYTES, upload::receive))
                        .build())
                .start();
    }

    private Response list(Request request) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.sort(null);
        return Response.text(names.isEmpty() ? "" : String.join("\n", names) + "\n");
    }

    private Response send(Request request) throws IOException {
        try {
            return Response.file(directory.resolve(fileName(request.pathParameter("name"))))
                    .withHeader("Content-Disposition", "attachment")    // a stranger's page must not run as one of ours
                    .withHeader("X-Content-Type-Options", "nosniff");
        } catch (NoSuchFileException e) {
            return Response.notFound();
        }
    }

    /**
     * Writes the body to a hidden file, and gives it its name when it is complete: nobody sees half a file, and of a
     * client that goes away nothing is left.
     */
    private Response receive(Request request) throws IOException, NoSuchAlgorithmException {
        if (request.headers().contains("Content-Range")) {
            return Response.error(400);     // a part would take the place of the whole (RFC 9110 §14.5)
        }
        String name = fileName(request.pathParameter("name"));
        Path file = directory.resolve(name);
        Path part = Files.createTempFile(directory, ".", ".part");
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            long bytes;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(part), sha256)) {
                bytes = request.body().transferTo(out);
            }
            boolean replaced = Files.exists(file);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);     // replaces what has the name
            return Response.json("""
                    {"name": "%s", "bytes": %d, "sha256": "%s"}
                    """.formatted(name, bytes, HexFormat.of().formatHex(sha256.digest())))
                    .withStatus(replaced ? 200 : 201)
                    .withHeader("Location", "/files/" + name);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Makes a harmless file name of what a client wishes: no separator, nothing hidden, nothing to be escaped. */
    static String fileName(String wish) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < Math.min(wish.length(), MAX_NAME_LENGTH); i++) {
            char c = wish.charAt(i);
            boolean harmless = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '-' || c == '_' || c == '.' && i > 0;
            name.append(harmless ? c : '_');
        }
        return name.toString();
    }
}
