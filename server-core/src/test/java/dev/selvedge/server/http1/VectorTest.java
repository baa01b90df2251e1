package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the vectors of all documents, cut anywhere. */
class VectorTest {

    static final List<String> DOCUMENTS = List.of("request-line.md", "fields.md", "host.md", "targets.md", "framing.md",
            "chunks.md", "connections.md", "limits.md", "delivery.md");

    private static final byte[] BEHIND = Spelling.octets("G T \r\n: \0\n0\r\n\r\n");

    static Stream<Vector> vectors() {
        return DOCUMENTS.stream().flatMap(document -> Vector.of(document).stream());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void comesOutWhole(Vector vector) {
        assertEvents(vector, read(vector).events());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void comesOutOctetByOctet(Vector vector) {
        int[] cuts = IntStream.rangeClosed(1, vector.octets().length).toArray();
        assertEquals(read(vector).events(), read(vector, cuts).events());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void comesOutCutInTwoAtEveryPosition(Vector vector) {
        List<String> events = read(vector).events();
        for (int cut : cuts(vector.octets())) {
            assertEquals(events, read(vector, cut).events(), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void leavesAloneWhatFollows(Vector vector) {
        if (!vector.isWhole() || vector.requests() == 0) {
            return;
        }
        byte[] octets = behind(vector);
        List<String> events = read(vector).events();
        for (int cut : cuts(octets)) {
            Reading.Result result = Reading.read(octets, vector.limits(), vector.requests(), cut);
            assertEquals(events, result.events(), "cut at " + cut);
            assertEquals(BEHIND.length, result.untouched(), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesWhateverFollows(Vector vector) {
        if (vector.isRefused()) {
            assertEquals(read(vector).events(),
                    Reading.read(behind(vector), vector.limits(), Integer.MAX_VALUE).events());
        }
    }

    /** Every position, but of the middle of a long vector only each 31st. */
    private static int[] cuts(byte[] octets) {
        int near = 500;
        return IntStream.rangeClosed(0, octets.length)
                .filter(cut -> cut < near || cut > octets.length - near || cut % 31 == 0).toArray();
    }

    private static byte[] behind(Vector vector) {
        return Spelling.octets(Spelling.text(vector.octets()) + Spelling.text(BEHIND));
    }

    private static Reading.Result read(Vector vector, int... cuts) {
        return Reading.read(vector.octets(), vector.limits(), Integer.MAX_VALUE, cuts);
    }

    /** Compares the outline exactly, and of each request the facts that the vector mentions. */
    private static void assertEvents(Vector vector, List<String> actual) {
        assertEquals(outline(vector.events()), outline(actual));
        List<List<String>> expectedRequests = requests(vector.events());
        List<List<String>> actualRequests = requests(actual);
        for (int index = 0; index < expectedRequests.size(); index++) {
            List<String> facts = actualRequests.get(index);
            List<String> kinds = expectedRequests.get(index).stream().map(VectorTest::kind).toList();
            assertEquals(expectedRequests.get(index),
                    facts.stream().filter(fact -> kinds.contains(kind(fact))).toList());
            assertTrue(facts.stream().map(VectorTest::kind).toList().containsAll(kinds), "a fact that is none");
        }
    }

    private static String kind(String event) {
        return event.split(" ", 2)[0];
    }

    private static boolean isOutline(String event) {
        return List.of("request", "refused", "incomplete").contains(kind(event));
    }

    private static List<String> outline(List<String> events) {
        return events.stream().filter(VectorTest::isOutline).toList();
    }

    private static List<List<String>> requests(List<String> events) {
        List<List<String>> requests = new ArrayList<>();
        for (String event : events) {
            if (kind(event).equals("request")) {
                requests.add(new ArrayList<>());
            } else if (!isOutline(event)) {
                requests.getLast().add(event);
            }
        }
        return requests;
    }
}
