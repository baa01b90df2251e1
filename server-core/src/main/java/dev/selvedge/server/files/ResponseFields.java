package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import dev.selvedge.server.MediaTypes;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the responses of a site say besides their content.
 *
 * @param mediaTypes tells what a file is, by its name
 * @param cacheRules tell how long it may be kept
 * @param general header lines of all responses
 */
record ResponseFields(MediaTypes mediaTypes, CacheRules cacheRules, Headers general) {

    /** What each response says of its own, in lower case. */
    private static final Set<String> OWN = Set.of("accept-ranges", "allow", "cache-control", "content-encoding",
            "content-range", "content-type", "etag", "last-modified", "location");

    /**
     * Makes sure that all responses may be given a header line.
     *
     * @throws IllegalArgumentException if it would take the place of one that they have
     */
    static void requireGeneral(String name) {
        if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is not the same for all responses; "
                    + "see cacheControl() and mediaType() for what may be chosen");
        }
    }

    /**
     * Makes a representation.
     *
     * @param name the file's path below the root, decoded, beginning with a slash: without the suffix of a coding
     * @param coding of the octets, or null for none
     * @param varies whether there are other codings
     */
    Representation represent(String name, Octets octets, Validators validators, Coding coding, boolean varies,
            Instant now) {
        Headers.Builder caching = Headers.builder().add("ETag", validators.tag().field());
        String cacheControl = cacheRules.valueFor(name);
        if (!cacheControl.isEmpty()) {
            caching.add("Cache-Control", cacheControl);
        }
        Headers.Builder encoding = Headers.builder();
        if (coding != null) {
            encoding.add("Content-Encoding", coding.token());
        }
        Headers.Builder own = Headers.builder();
        long lastModified = validators.lastModifiedAt(now);
        if (lastModified != HttpDate.NONE) {
            own.add("Last-Modified", HttpDate.format(lastModified));
        }
        if (coding != null) {
            own.add("Content-Encoding", coding.token());
        }
        own.add("Accept-Ranges", "bytes");
        if (varies) {
            caching.add("Vary", "Accept-Encoding");
            encoding.add("Vary", "Accept-Encoding");
        }
        return new Representation(octets, mediaTypes.of(name), validators,
                new RepresentationFields(general, caching.build(), own.build(), encoding.build()));
    }

    /**
     * Sends a client to the directory that it has asked for without its slash: relatively, and so never to another
     * site, whatever the path looked like before its dots were removed.
     */
    Response movedToDirectory(Request request) {
        String path = request.rawPath();
        String query = request.query().map(text -> '?' + text).orElse("");
        return general(Response.redirect(301, "./" + path.substring(path.lastIndexOf('/') + 1) + '/' + query))
                .withHeader("Cache-Control", CacheRules.REVALIDATE);
    }

    /** Makes the page that lists a directory: its tag is that of its content, and nobody knows since when it is so. */
    Representation listing(Request request, List<Listing.Item> items) {
        boolean root = request.canonicalPathInMount().equals("/");
        byte[] page = Listing.page(request.path(), root, items).getBytes(StandardCharsets.UTF_8);
        EntityTag tag = DocumentLoader.tagOf(page);
        Headers caching = Headers.of("ETag", tag.field(), "Cache-Control", CacheRules.REVALIDATE);
        return new Representation(new Octets.InMemory(page), "text/html; charset=utf-8", new Validators(tag, null),
                new RepresentationFields(general, caching, Headers.of("Accept-Ranges", "bytes"), Headers.of()));
    }

    /** Completes a response that is no representation of a file. */
    Response general(Response response) {
        return RepresentationFields.with(response, general);
    }
}
