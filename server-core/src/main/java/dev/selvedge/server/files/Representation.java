package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * One form of a document, ready to be sent: what nearly all requests get of it, the whole and the news that it has not
 * changed, is made once.
 */
final class Representation {

    private static final InstantSource CLOCK = InstantSource.system();

    private final Octets octets;
    private final String mediaType;
    private final Validators validators;
    private final RepresentationFields fields;
    private final Response whole;
    private final Response notModified;

    /**
     * Makes one.
     *
     * @param octets what is sent
     * @param mediaType what it is
     * @param validators by which it is known again
     * @param fields what its responses say besides
     */
    Representation(Octets octets, String mediaType, Validators validators, RepresentationFields fields) {
        this.octets = octets;
        this.mediaType = mediaType;
        this.validators = validators;
        this.fields = fields;
        this.whole = fields.ofContent(octets.response(mediaType, 0, octets.length()));
        this.notModified = fields.ofNotModified(Response.status(304));
    }

    Octets octets() {
        return octets;
    }

    /**
     * Answers GET or HEAD (RFC 9110 §13.2.2, §14.2) without waiting for anything.
     *
     * @param again answers if the file is another one by now; may block
     * @return the answer; null if somebody has to {@linkplain #answerLooking look} first
     */
    Response answer(Request request, Callable<Response> again) {
        return answer(request, again, !octets.mayChange());
    }

    /**
     * Answers likewise. Blocks: while several ranges are sent it is too late to answer otherwise.
     *
     * @throws NoSuchFileException if the file is another one by now
     */
    Response answerLooking(Request request, Callable<Response> again) throws IOException {
        Response prompt = answer(request, again);
        if (prompt == null) {
            octets.requireUnchanged();
        }
        return prompt != null ? prompt : answer(request, again, true);
    }

    private Response answer(Request request, Callable<Response> again, boolean looked) {
        String method = request.method();
        Headers headers = request.headers();
        return switch (Conditions.evaluate(method, headers, validators, CLOCK)) {
            case NOT_MODIFIED -> notModified;
            case FAILED -> fields.ofError(Response.error(412));
            case PROCEED -> switch (Ranges.of(method, headers, validators, octets.length(), CLOCK)) {
                case Selection.Whole _ -> octets.guarded(whole, again);
                case Selection.One(ByteRange range) -> octets.guarded(part(headers, range), again);
                case Selection.Several(List<ByteRange> ranges) -> fields.areEncoded() ? octets.guarded(whole, again)
                        : looked ? several(headers, ranges) : null;
                case Selection.Unsatisfiable _ -> fields.ofError(Response.error(416))
                        .withHeader("Content-Range", Selection.Unsatisfiable.contentRange(octets.length()));
            };
        };
    }

    private Response part(Headers headers, ByteRange range) {
        Response part = octets.response(mediaType, range.first(), range.length());
        return partial(headers, tellsAll(headers) ? part : part.withoutHeader("Content-Type"))
                .withHeader("Content-Range", range.contentRange(octets.length()));
    }

    /**
     * Several parts are put together by a writer, on a thread of its own while they are sent. If the content is encoded
     * the whole is sent instead: clients would decode what stands around the parts, too.
     */
    private Response several(Headers headers, List<ByteRange> ranges) {
        Multipart multipart = new Multipart(mediaType, octets.length(), ranges);
        return partial(headers, Response.stream(multipart.contentType(), multipart.length(), out -> {
            try (Octets.Parts parts = octets.open()) {
                multipart.writeTo(out, (range, to) -> parts.write(to, range.first(), range.length()));
            }
        }));
    }

    private Response partial(Headers headers, Response response) {
        return (tellsAll(headers) ? fields.ofContent(response) : fields.ofNotModified(response)).withStatus(206);
    }

    /** Who asks by If-Range has a part already, and what is said of the whole with it (RFC 9110 §15.3.7). */
    private static boolean tellsAll(Headers headers) {
        return !headers.contains("If-Range");
    }

    /**
     * Returns it as the page that comes with an error, to which neither conditions nor ranges apply.
     *
     * @param again answers if the file is another one by now; may block
     */
    Response asError(int status, Callable<Response> again) {
        Response page = fields.ofErrorPage(octets.response(mediaType, 0, octets.length()).withStatus(status));
        return octets.guarded(page, again);
    }
}
