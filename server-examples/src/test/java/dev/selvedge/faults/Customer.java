package dev.selvedge.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A client of the soak: does one thing after the other, as its seed decides, and checks every octet that it gets. */
final class Customer {

    private static final byte[] HELLO = ServerProgram.HELLO.getBytes(ISO_8859_1);
    private static final int[] FILES = {0, 1, 10_000, 1_000_000};
    private static final List<String> MALFORMED = List.of("GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n");

    /**
     * A request and the only right answer to it.
     *
     * @param method its method
     * @param octets all of it
     * @param status the answer's status
     * @param content the answer's content, or null if it need not be this one
     */
    private record Exchange(String method, byte[] octets, int status, byte[] content) { }

    /** What one has seen. */
    static final class Seen {

        long answers;
        long refusals;
        long resets;
        final List<String> wrong = new ArrayList<>();
    }

    private final int port;
    private final Random random;
    private final boolean serverMayStop;
    private final Seen seen = new Seen();

    /**
     * Creates one.
     *
     * @param serverMayStop whether the server may stop meanwhile, which does not take each request then; in that case
     *     nothing is reset, so that the sums of requests and of answers can be compared
     */
    Customer(int port, long seed, boolean serverMayStop) {
        this.port = port;
        this.random = new Random(seed);
        this.serverMayStop = serverMayStop;
    }

    /** Goes on until it is time, or nobody listens any more. */
    Seen visitUntil(long nanoTime) {
        boolean open = true;
        while (open && System.nanoTime() < nanoTime) {
            String what = "nothing";
            try (Wire wire = new Wire(port)) {
                switch (random.nextInt(10)) {
                    case 0 -> {
                        what = "malformed";
                        beRefused(wire);
                    }
                    case 1 -> {
                        what = "reset";
                        vanish(wire);
                    }
                    case 2 -> {
                        what = "half-closed";
                        talk(wire, true);
                    }
                    default -> {
                        what = "talk";
                        talk(wire, false);
                    }
                }
            } catch (ConnectException e) {
                open = !serverMayStop;
                if (open) {
                    seen.wrong.add(e.toString());
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                seen.wrong.add(what + ": " + e);
            }
        }
        return seen;
    }

    /** Sends some pipelines on one connection; the last one may ask for the end. */
    private void talk(Wire wire, boolean halfClose) throws IOException, InterruptedException {
        int rounds = 1 + random.nextInt(5);
        for (int round = 0; round < rounds; round++) {
            boolean last = round == rounds - 1;
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                exchanges.add(exchange(last && i == 0 ? "Connection: close\r\n" : ""));
            }
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            exchanges.forEach(each -> octets.writeBytes(each.octets()));
            long seed = random.nextLong();
            Thread sender = Thread.ofVirtual().start(() ->
                    send(wire, octets.toByteArray(), new Random(seed), last && halfClose));
            boolean goesOn = receive(wire, exchanges);
            sender.join();
            if (!goesOn) {
                return;
            }
        }
        wire.expectEnd();
    }

    /** Reads the answers; false if the server has announced the end of the connection before the last of them. */
    private boolean receive(Wire wire, List<Exchange> exchanges) throws IOException {
        for (int i = 0; i < exchanges.size(); i++) {
            Exchange each = exchanges.get(i);
            Wire.Head head;
            try {
                head = wire.readHead();
            } catch (Wire.NoAnswerException e) {
                if (serverMayStop) {
                    return false;       // it was not taken, and the sums will tell if it was
                }
                throw e;
            }
            byte[] content = wire.body(head, each.method()).readAllBytes();
            seen.answers++;
            if (head.status() != each.status() || each.content() != null && !Arrays.equals(content, each.content())) {
                seen.wrong.add(new String(each.octets(), 0, Math.min(80, each.octets().length), ISO_8859_1) + " -> "
                        + head + " and " + content.length + " octets");
            }
            if (head.closes() && serverMayStop && i < exchanges.size() - 1) {
                return false;
            }
        }
        return true;
    }

    private static void send(Wire wire, byte[] octets, Random random, boolean halfClose) {
        try {
            OutputStream out = wire.socket.getOutputStream();
            for (int from = 0; from < octets.length;) {
                int length = Math.min(octets.length - from, 1 + random.nextInt(random.nextBoolean() ? 100 : 50_000));
                out.write(octets, from, length);
                from += length;
            }
            if (halfClose) {
                wire.socket.shutdownOutput();
            }
        } catch (IOException e) {
            // whether an answer is missing shows where they are read
        }
    }

    private Exchange exchange(String fields) {
        int n = random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(2_000);
        byte[] content = Octets.of(0, n);
        int file = FILES[random.nextInt(FILES.length)];
        return switch (random.nextInt(14)) {
            case 0 -> get("GET", "/octets?n=" + n, fields, 200, content);
            case 1 -> get("HEAD", "/octets?n=" + n, fields, 200, new byte[0]);
            case 2 -> get("GET", "/stream?n=" + n, fields, 200, content);
            case 3 -> get("GET", "/stream?length&n=" + n, fields, 200, content);
            case 4 -> get("HEAD", "/stream?n=" + n, fields, 200, new byte[0]);
            case 5 -> get("GET", "/file/" + file, fields, 200, Octets.of(0, file));
            case 6 -> get("HEAD", "/file/" + file, fields, 200, new byte[0]);
            case 7 -> get("GET", "/nowhere", fields, 404, null);
            case 8 -> get("GET", "/status/" + (random.nextBoolean() ? 204 : 304), fields);
            case 9 -> get("GET", "/slow?ms=" + random.nextInt(20), fields, 200, HELLO);
            case 10 -> post("/echo", fields, content, content, false);
            case 11 -> post("/echo", fields, content, content, true);
            case 12 -> post("/check", fields, content, ("" + n).getBytes(ISO_8859_1), random.nextBoolean());
            default -> get("GET", "/hello", fields, 200, HELLO);
        };
    }

    private static Exchange get(String method, String target, String fields, int status, byte[] content) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
        return new Exchange(method, head.getBytes(ISO_8859_1), status, content);
    }

    private static Exchange get(String method, String target, String fields) {
        int status = Integer.parseInt(target.substring(target.lastIndexOf('/') + 1));
        return get(method, target, fields, status, new byte[0]);
    }

    private Exchange post(String target, String fields, byte[] content, byte[] answer, boolean chunked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + content.length;
        out.writeBytes(("POST " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + framing + "\r\n\r\n")
                .getBytes(ISO_8859_1));
        if (!chunked) {
            out.writeBytes(content);
        } else {
            for (int from = 0; from < content.length;) {
                int length = Math.min(content.length - from, 1 + random.nextInt(40_000));
                out.writeBytes((Integer.toHexString(length) + ";a=b\r\n").getBytes(ISO_8859_1));
                out.write(content, from, length);
                out.writeBytes("\r\n".getBytes(ISO_8859_1));
                from += length;
            }
            out.writeBytes("0\r\nA-Trailer: x\r\n\r\n".getBytes(ISO_8859_1));
        }
        return new Exchange("POST", out.toByteArray(), 200, answer);
    }

    /** Sends what is malformed behind something that is not: that is answered, and then comes the refusal. */
    private void beRefused(Wire wire) throws IOException {
        Exchange good = exchange("");
        String bad = MALFORMED.get(random.nextInt(MALFORMED.size()));
        Thread.ofVirtual().start(() -> send(wire, concat(good.octets(), bad), new Random(1), false));
        if (receive(wire, List.of(good, new Exchange("POST", bad.getBytes(ISO_8859_1), 400, null)))) {
            seen.refusals++;
            wire.expectEnd();
        }
    }

    private static byte[] concat(byte[] first, String second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length());
        System.arraycopy(second.getBytes(ISO_8859_1), 0, all, first.length, second.length());
        return all;
    }

    private void vanish(Wire wire) throws IOException {
        if (!serverMayStop) {
            byte[] octets = exchange("").octets();
            wire.send(Arrays.copyOf(octets, random.nextInt(octets.length + 1)));
            seen.resets++;
            wire.reset();
        }
    }
}
