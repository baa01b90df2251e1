package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.FileVersion;
import dev.selvedge.server.Headers;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentCacheTest {

    private static final int DOCUMENT_BYTES = 10_000;

    /** About what one document costs, its path and its fields included. */
    private static final int COST = DOCUMENT_BYTES + 2_048 + 8;

    private final DocumentCache cache = new DocumentCache(3 * COST);

    @Test
    void whatWasPutIsThere() {
        Document document = document(DOCUMENT_BYTES);
        cache.put("/a", document);

        assertSame(document, cache.get("/a"));
        assertNull(cache.get("/b"));
    }

    @Test
    void aLaterDocumentTakesThePlaceOfTheFormer() {
        for (int i = 0; i < 10; i++) {
            cache.put("/a", document(DOCUMENT_BYTES));
        }
        cache.put("/b", document(DOCUMENT_BYTES));
        cache.put("/c", document(DOCUMENT_BYTES));

        assertNotNull(cache.get("/a"), "its former documents take no room");
        assertNotNull(cache.get("/b"));
    }

    @Test
    void whatIsForgottenIsGoneAndMakesRoom() {
        cache.put("/a", document(DOCUMENT_BYTES));
        cache.remove("/a");
        cache.remove("/a");
        assertNull(cache.get("/a"));

        cache.put("/b", document(DOCUMENT_BYTES));
        cache.put("/c", document(DOCUMENT_BYTES));
        cache.put("/d", document(DOCUMENT_BYTES));
        assertNotNull(cache.get("/b"));
    }

    @Test
    void whoWasNotAskedForLeavesFirst() {
        cache.put("/a", document(DOCUMENT_BYTES));
        cache.put("/b", document(DOCUMENT_BYTES));
        cache.put("/c", document(DOCUMENT_BYTES));
        cache.get("/a");

        cache.put("/d", document(DOCUMENT_BYTES));

        assertNotNull(cache.get("/a"));
        assertNull(cache.get("/b"));
    }

    @Test
    void aDocumentThatIsLargerThanAllTheRoomIsNotKeptNorWhatItReplaces() {
        cache.put("/a", document(DOCUMENT_BYTES));
        cache.put("/b", document(DOCUMENT_BYTES));
        cache.put("/a", document(4 * DOCUMENT_BYTES));

        assertNull(cache.get("/a"));
        assertNotNull(cache.get("/b"), "nobody had to go for it");
    }

    @Test
    void withoutRoomNothingIsKept() {
        DocumentCache none = new DocumentCache(0);
        none.put("/a", document(0));

        assertNull(none.get("/a"));
    }

    /** The bound holds whatever is done, and what is kept is what was put last. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsItsBound(long seed) {
        Random random = new Random(seed);
        Map<String, Document> last = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String path = "/" + (char) ('a' + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    Document document = document(random.nextInt(2 * DOCUMENT_BYTES));
                    cache.put(path, document);
                    last.put(path, document);
                }
                case 2 -> {
                    Document kept = cache.get(path);
                    assertTrue(kept == null || kept == last.get(path), "seed " + seed + ", step " + step);
                }
                default -> cache.remove(path);
            }
            long bytes = last.keySet().stream().filter(each -> cache.get(each) != null)
                    .mapToLong(each -> last.get(each).octetsInMemory()).sum();
            assertTrue(bytes <= 3 * COST, "seed " + seed + ", step " + step + ": " + bytes + " bytes");
        }
    }

    @Test
    void everyFormOfADocumentCosts() {
        Document plain = document(0);
        Document both = document(0, Coding.GZIP);
        DocumentCache small = new DocumentCache(2_048 + 1_000);
        small.put("/a", plain);
        small.put("/b", both);

        assertSame(plain, small.get("/a"));
        assertNull(small.get("/b"));
    }

    private static Document document(int bytes, Coding... codings) {
        FileEntry entry = new FileEntry(Path.of("a"), "a", new FileVersion(bytes, FileTime.fromMillis(0), null, 0), true,
                new Opening.Following());
        RepresentationFields none = new RepresentationFields(Headers.of(), Headers.of(), Headers.of(), Headers.of());
        Representation representation = new Representation(new Octets.InMemory(new byte[bytes]), "text/plain",
                new Validators(EntityTag.strong("a"), null), none);
        Map<Coding, Representation> encoded = new HashMap<>();
        for (Coding coding : codings) {
            encoded.put(coding, representation);
        }
        Document document = new Document(new Found.Document(entry, Map.of()), representation, encoded, true, 0);
        assertEquals((long) bytes * document.forms(), document.octetsInMemory());
        return document;
    }
}
