package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.selvedge.server.Headers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {

    private static final List<String> NAMES = List.of("br", "zstd", "gzip", "x-gzip", "identity", "*", "deflate");
    private static final Set<Coding> ALL = EnumSet.allOf(Coding.class);

    private static String chosen(Set<Coding> available, String... lines) {
        Headers.Builder headers = Headers.builder();
        for (String line : lines) {
            headers.add("accept-encoding", line);
        }
        Coding coding = AcceptEncoding.choose(headers.build(), available);
        return coding == null ? "identity" : coding.token();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // What clients send: browsers, curl --compressed, Java's HttpClient with it, wget.
        "gzip, deflate, br, zstd | br", "gzip, deflate, br | br", "gzip, deflate | gzip",
        "deflate, gzip, br, zstd | br", "gzip | gzip", "identity | identity", "zstd | zstd", "deflate | identity",
        "compress | identity",
        // RFC 9110 §12.5.3, its examples.
        "compress, gzip | gzip", "'' | identity", "* | br", "compress;q=0.5, gzip;q=1.0 | gzip",
        "gzip;q=1.0, identity; q=0.5, *;q=0 | gzip",
        // Weights.
        "br;q=0.5, gzip;q=0.6 | gzip", "br;q=0.5, gzip;q=0.501 | gzip", "br;q=0, gzip | gzip",
        "br;q=0.000 | identity", "br;q=0,5 | identity",
        "gzip;q=0.001 | gzip", "gzip;q=1.000, br;q=0.999 | gzip", "gzip;q=1., br;q=0. | gzip",
        "gzip;Q=1, br;Q=0.9 | gzip", "gzip;q=0.3, zstd;q=0.3, br;q=0.3 | br",
        // The asterisk is whatever is not named.
        "*;q=0 | identity", "*;q=0.5, br;q=0 | zstd", "br;q=0.5, * | zstd", "gzip, *;q=0 | gzip",
        "br;q=0, zstd;q=0, * | gzip",
        // Identity competes if it has a weight; a coding is liked better than as much of it.
        "gzip;q=0.5, identity | identity", "gzip;q=0.5, identity;q=0.5 | gzip", "gzip, identity;q=0 | gzip",
        "br;q=0.5, gzip;q=0.4, zstd;q=0.4, * | identity", "identity;q=0 | identity", "identity;q=0, * | br",
        // Other names of it, case, white space, empty elements, unknown codings.
        "x-gzip | gzip", "X-GZip;q=0.5 | gzip", "BR | br", "gzip \t; \tq=0.5 , br ;q=0.6 | br", ", ,gzip,, | gzip",
        "brotli, gzipped, zst, x-br, foo;q=0.1 | identity",
        // Named twice: the smaller weight.
        "gzip, gzip;q=0 | identity", "gzip;q=0, gzip | identity", "x-gzip;q=0, gzip | identity",
        "br;q=0.3, br, gzip;q=0.4 | gzip", "*, *;q=0 | identity"})
    void theCodingWithTheGreatestWeightIsChosen(String line, String coding) {
        assertEquals(coding, chosen(ALL, line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip br", "br;", "br;q", "br;q=", "br;q=2", "br;q=1.001", "br;q=1.1", "br;q=0.1234",
        "br;q=-1", "br;q=.5", "br;q=00", "br;q=a", "br;q=0.a", "br;q=\"1\"", "br;q =1", "br;q= 1",
        "br;level=3", "br;q=1;level=3", "br;q=1 gzip", "br;q=1;", ";q=1", "q=1", "br, gzip;q=x", "br, (gzip)", "\"br\"",
        "br/1", "br, \u00E9", "br\u00A0"})
    void aMalformedFieldCountsForNothing(String line) {
        assertEquals("identity", chosen(ALL, line));
        assertEquals("identity", chosen(ALL, "gzip", line));
        assertEquals("identity", chosen(ALL, line, "gzip"));
    }

    @Test
    void allLinesAreOneList() {
        assertEquals("gzip", chosen(ALL, "br;q=0", "zstd;q=0.5", "gzip"));
        assertEquals("br", chosen(ALL, "", "deflate", "br"));
        assertEquals("identity", chosen(ALL, "gzip", "gzip;q=0"));
    }

    @Test
    void onlyWhatIsThereIsChosen() {
        assertEquals("gzip", chosen(EnumSet.of(Coding.GZIP), "gzip;q=0.5, br"));
        assertEquals("zstd", chosen(EnumSet.of(Coding.GZIP, Coding.ZSTD), "*"));
        assertEquals("identity", chosen(EnumSet.of(Coding.BR), "gzip"));
        assertEquals("identity", chosen(EnumSet.of(Coding.GZIP), "*;q=0.8, gzip;q=0.5"), "identity is in the asterisk");
        assertNull(AcceptEncoding.choose(Headers.of("Accept-Encoding", "gzip"), Set.of()));
    }

    @Test
    void whoSaysNothingGetsTheOriginal() {
        assertNull(AcceptEncoding.choose(Headers.of("Accept", "gzip"), ALL));
        assertNull(AcceptEncoding.choose(Headers.of(), ALL));
    }

    static LongStream seeds() {
        return new Random().longs(20);
    }

    /** The standard, read aloud: a weight for everybody, then the best of those that are there. */
    @ParameterizedTest
    @MethodSource("seeds")
    void randomFieldsAreReadAsAModelReadsThem(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            List<String> elements = new ArrayList<>();
            Map<String, Double> weights = new HashMap<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                double weight = List.of(0.0, 0.001, 0.5, 0.75, 1.0).get(random.nextInt(5));
                boolean silent = weight == 1 && random.nextBoolean();
                String written = silent ? "" : String.format(Locale.ROOT, ";q=%.3f", weight);
                elements.add(random.nextBoolean() ? name + written : name.toUpperCase(Locale.ROOT) + written.replace(";", " ; "));
                weights.merge(name.replace("x-", ""), weight, Math::min);
            }
            Set<Coding> available = EnumSet.noneOf(Coding.class);
            ALL.stream().filter(coding -> random.nextBoolean()).forEach(available::add);
            String expected = "identity";
            double others = weights.getOrDefault("*", 0.0);
            double greatest = Math.max(Double.MIN_VALUE, weights.getOrDefault("identity", others));
            for (Coding coding : List.of(Coding.GZIP, Coding.ZSTD, Coding.BR)) {
                double weight = weights.getOrDefault(coding.token(), others);
                if (available.contains(coding) && weight >= greatest) {
                    expected = coding.token();
                    greatest = weight;
                }
            }
            int cut = random.nextInt(elements.size() + 1);
            String[] lines = {String.join(", ", elements.subList(0, cut)),
                String.join(",", elements.subList(cut, elements.size()))};
            assertEquals(expected, chosen(available, lines), () -> seed + ": " + elements + " of " + available);
        }
    }
}
