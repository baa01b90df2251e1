package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import dev.selvedge.server.MediaTypes;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.time.Instant;
import java.util.List;

/**
 * What the responses of a site say besides their content.
 *
 * @param mediaTypes tells what a file is, by its name
 * @param cacheRules tell how long it may be kept
 * @param general header lines of all responses
 */
record ResponseFields(MediaTypes mediaTypes, CacheRules cacheRules, Headers general) {

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
     * Sends a client to the directory that it has asked for without its slash: relatively, and so never to another site,
     * whatever the path looked like before its dots were removed.
     */
    Response movedToDirectory(Request request) {
        String path = request.rawPath();
        String query = request.query().map(text -> '?' + text).orElse("");
        return general(Response.redirect(301, "./" + path.substring(path.lastIndexOf('/') + 1) + '/' + query))
                .withHeader("Cache-Control", CacheRules.REVALIDATE);
    }

    /** Lists a directory. */
    Response listing(Request request, List<Listing.Item> items) {
        boolean root = request.canonicalPathInMount().equals("/");
        return general(Response.html(Listing.page(request.path(), root, items)))
                .withHeader("Cache-Control", CacheRules.REVALIDATE);
    }

    /** Completes a response that is no representation of a file. */
    Response general(Response response) {
        return RepresentationFields.with(response, general);
    }
}
