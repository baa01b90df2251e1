package dev.selvedge.server.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random ranges of random files are answered with the octets that a model picks one by one. The model reads fields
 * with regular expressions and numbers of any size; a client takes the bodies apart again.
 */
class RangesModelTest {

    private static final Pattern SPECIFIER = Pattern.compile("(?i:bytes)=([0-9,\\- \\t]*)");
    private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");
    private static final Pattern PART =
            Pattern.compile("Content-Type: a/b\r\nContent-Range: bytes ([0-9]+)-([0-9]+)/([0-9]+)\r\n\r\n");
    private static final Validators CURRENT = new Validators(EntityTag.strong("a"), Instant.EPOCH);
    private static final InstantSource NOW = InstantSource.system();

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 19), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rangesAreAnsweredAsAModelDoes(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 250; i++) {
            byte[] file = new byte[random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(60)];
            random.nextBytes(file);
            String field = field(random, file.length);
            Selection selection = Ranges.of("GET", Headers.of("Range", field), CURRENT, file.length, NOW);
            List<BitSet> expected = model(field, file.length);
            String about = "Range: " + field + " of " + file.length;
            switch (selection) {
                case Selection.Whole all -> assertEquals(null, expected, about);
                case Selection.Unsatisfiable none -> assertEquals(List.of(), expected, about);
                case Selection.One(ByteRange range) -> assertEquals(expected, List.of(octets(range)), about);
                case Selection.Several(var ranges) -> {
                    assertEquals(expected, ranges.stream().map(RangesModelTest::octets).toList(), about);
                    assertTrue(ranges.size() > 1, about);
                    check(new Multipart("a/b", file.length, ranges), file, expected);
                }
            }
        }
    }

    // ---- requests

    private static String field(Random random, int length) {
        StringBuilder field = new StringBuilder(random.nextInt(20) == 0 ? "Bytes=" : "bytes=");
        int specs = random.nextInt(10) == 0 ? random.nextInt(20) : 1 + random.nextInt(5);
        for (int i = 0; i < specs; i++) {
            if (i > 0) {
                field.append(any(random, ",", ",", ",", ", ", " , ", ",,", "\t,"));
            }
            field.append(random.nextInt(40) == 0 ? any(random, "", "-", "a", "1", "5-4", "--1", "0 -1", "*", "1-2-3")
                    : spec(random, length));
        }
        return field.toString().strip();
    }

    private static String spec(Random random, int length) {
        int first = random.nextInt(length + 3);
        return switch (random.nextInt(6)) {
            case 0 -> "-" + number(random, first);
            case 1 -> number(random, first) + "-";
            case 2 -> number(random, first) + "-" + any(random, "9", "99") + "0".repeat(20 + random.nextInt(3));
            default -> number(random, first) + "-" + number(random, first + random.nextInt(1 + length / 3));
        };
    }

    private static String number(Random random, int value) {
        return random.nextInt(50) == 0 ? BigInteger.ONE.shiftLeft(any(random, 31, 32, 63, 64, 65)).toString()
                : "0".repeat(Math.max(0, random.nextInt(22) - 19)) + value;
    }

    @SafeVarargs
    private static <T> T any(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    // ---- the model

    /** Returns the parts to be sent, each as the set of its octets: none for 416, or null for the whole. */
    private static List<BitSet> model(String field, int length) {
        Matcher specifier = SPECIFIER.matcher(field);
        if (length == 0 || !specifier.matches()) {
            return null;
        }
        List<String> specs = Arrays.stream(specifier.group(1).split(",")).map(String::strip)
                .filter(spec -> !spec.isEmpty()).toList();
        if (specs.isEmpty() || specs.size() > 16) {
            return null;
        }
        List<BitSet> parts = new ArrayList<>();
        for (String spec : specs) {
            BitSet part = part(spec, length);
            if (part == null) {
                return null;
            }
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        while (uniteOnce(parts)) { }
        return parts;
    }

    private static BitSet part(String text, int length) {
        Matcher spec = SPEC.matcher(text);
        if (!spec.matches() || text.equals("-")) {
            return null;
        }
        BigInteger last = spec.group(2).isEmpty() ? null : new BigInteger(spec.group(2));
        BigInteger first = spec.group(1).isEmpty() ? null : new BigInteger(spec.group(1));
        if (first != null && last != null && last.compareTo(first) < 0) {
            return null;
        }
        BitSet part = new BitSet();
        for (int octet = 0; octet < length; octet++) {
            BigInteger fromStart = BigInteger.valueOf(octet);
            BigInteger fromEnd = BigInteger.valueOf(length - octet);
            part.set(octet, first == null ? fromEnd.compareTo(last) <= 0
                    : fromStart.compareTo(first) >= 0 && (last == null || fromStart.compareTo(last) <= 0));
        }
        return part;
    }

    /** Unites the first two parts with a common octet, at the place of the first. */
    private static boolean uniteOnce(List<BitSet> parts) {
        for (int i = 0; i < parts.size(); i++) {
            for (int j = i + 1; j < parts.size(); j++) {
                if (parts.get(i).intersects(parts.get(j))) {
                    parts.get(i).or(parts.remove(j));
                    return true;
                }
            }
        }
        return false;
    }

    private static BitSet octets(ByteRange range) {
        BitSet octets = new BitSet();
        octets.set((int) range.first(), (int) range.last() + 1);
        return octets;
    }

    // ---- the client

    private static void check(Multipart body, byte[] file, List<BitSet> expected) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.writeTo(out, (range, to) -> to.write(file, (int) range.first(), (int) range.length()));
        assertEquals(out.size(), body.length());
        String[] pieces = ("\r\n" + out.toString(ISO_8859_1)).split("\r\n--" + body.boundary(), -1);
        assertEquals("", pieces[0]);
        assertEquals("--\r\n", pieces[pieces.length - 1]);
        assertEquals(expected.size(), pieces.length - 2);
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(pieces[i + 1].startsWith("\r\n"));
            String part = pieces[i + 1].substring(2);
            Matcher head = PART.matcher(part);
            assertTrue(head.lookingAt(), part);
            int first = Integer.parseInt(head.group(1));
            int last = Integer.parseInt(head.group(2));
            assertEquals(expected.get(i), octets(ByteRange.between(first, last)));
            assertEquals(file.length, Integer.parseInt(head.group(3)));
            assertArrayEquals(Arrays.copyOfRange(file, first, last + 1),
                    part.substring(head.end()).getBytes(ISO_8859_1));
        }
    }
}
