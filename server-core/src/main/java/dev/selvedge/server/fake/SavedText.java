package dev.selvedge.server.fake;

import dev.selvedge.server.Headers;
import dev.selvedge.server.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads the files in which exchanges are saved; {@link SavedExchange} shows what they look like. */
final class SavedText {

    private final Path file;
    private final List<SavedExchange> exchanges = new ArrayList<>();
    private Side request;
    private Side side;

    private SavedText(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @return its exchanges, in order
     * @throws IOException if it can't be read
     * @throws IllegalArgumentException if it is malformed; the message says where and how
     */
    static List<SavedExchange> read(Path file) throws IOException {
        SavedText text = new SavedText(file);
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            text.line(lines.get(i), i + 1);
        }
        text.end(lines.size());
        return text.exchanges;
    }

    private void line(String line, int number) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        char mark = line.charAt(0);
        if (mark != '>' && mark != '<') {
            throw wrong(number, "a line begins with > (request), < (response) or # (remark)");
        }
        if (side == null || side.mark != mark) {
            turn(mark, number);
        }
        side.add(line.substring(1), number);
    }

    private void turn(char mark, int number) {
        if (mark == '<' && side == null) {
            throw wrong(number, "a response without a request before it");
        }
        if (mark == '>') {
            end(number);
        } else {
            request = side;
        }
        side = new Side(mark, number);
    }

    private void end(int number) {
        if (side == null) {
            return;
        }
        if (side.mark == '>') {
            throw wrong(number, "the request of line " + side.number + " has no response");
        }
        String[] words = request.first.split(" ", -1);
        if (words.length != 2) {
            throw wrong(request.number, "a request begins with a method, a space and a target");
        }
        if (!side.first.matches("[2-5][0-9][0-9]( .*)?")) {
            throw wrong(side.number, "a response begins with a status from 200 to 599");
        }
        exchanges.add(new SavedExchange(words[0], words[1], request.headers(), request.body(),
                Integer.parseInt(side.first.substring(0, 3)), side.headers(), side.body()));
        side = null;
    }

    private IllegalArgumentException wrong(int number, String what) {
        return new IllegalArgumentException(file + ", line " + number + ": " + what);
    }

    /** The request or the response of an exchange. */
    private final class Side {

        private final char mark;
        private final int number;
        private final Headers.Builder headers = Headers.builder();
        private final List<String> text = new ArrayList<>();
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private String first;
        private boolean inBody;

        Side(char mark, int number) {
            this.mark = mark;
            this.number = number;
        }

        void add(String line, int at) {
            String content = line.startsWith(" ") ? line.substring(1) : line;
            if (first == null) {
                first = content;
            } else if (inBody && line.startsWith("64 ")) {
                octets.writeBytes(decoded(content.substring(3), at));
            } else if (inBody) {
                text.add(content);
            } else if (content.isEmpty()) {
                inBody = true;
            } else {
                header(content, at);
            }
        }

        private byte[] decoded(String base64, int at) {
            try {
                return Base64.getDecoder().decode(base64.strip());
            } catch (IllegalArgumentException e) {
                throw wrong(at, "this is no Base64: " + e.getMessage());
            }
        }

        private void header(String line, int at) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw wrong(at, "a header line has a colon behind its name, and a body an empty line before it");
            }
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            try {
                headers.add(name, value);
                if (mark == '<') {
                    Response.empty().withHeader(name, value);   // refuses what is the server's
                }
            } catch (IllegalArgumentException e) {
                throw wrong(at, e.getMessage());
            }
        }

        Headers headers() {
            return headers.build();
        }

        byte[] body() {
            return octets.size() > 0 ? octets.toByteArray()
                    : String.join("\n", text).getBytes(StandardCharsets.UTF_8);
        }
    }
}
