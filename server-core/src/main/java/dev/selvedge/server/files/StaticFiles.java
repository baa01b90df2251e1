package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import dev.selvedge.server.MediaTypes;
import dev.selvedge.server.PromptHandler;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Serves files: those of a directory, of a folder on the class path, or of any file system of {@code java.nio.file}.
 *
 * <pre>{@code
 * HttpServer.start(8080, StaticFiles.of(Path.of("site")));
 *
 * Router router = Router.builder()
 *     .get("/api/users/{id}", …)
 *     .mount("/", StaticFiles.builder(App.class, "web")
 *         .cleanUrls(true)
 *         .precompressed(true)
 *         .immutableHashedNames()
 *         .notFoundPage("/404.html")
 *         .build())
 *     .build();
 * }</pre>
 *
 * <p>The path behind the mount's prefix is looked up; what is served there may change at any time. GET, HEAD and
 * OPTIONS are answered, other methods with {@code 405}.
 *
 * <h2>What HTTP asks for</h2>
 * <p>Every file has a strong entity tag, made of its content if it is small enough to be kept in memory or comes out of
 * an archive, else of its size, its inode and the times of its last modification and last change (weak for a moment
 * after that, in which a file may change again and look the same, and then never seen again); and {@code
 * Last-Modified}. Conditional requests are answered as in RFC 9110 §13, ranges, also several at once, as in §14. If a
 * file is replaced between the head of a response and its first octet, the request is answered anew; if it shrinks
 * while it is sent, the connection ends, so that nobody takes the part for the whole. (A large file that is written in
 * place while it is sent arrives with parts of both contents: replace files by renaming others.)
 *
 * <h2>What is not served</h2>
 * <p>Nothing outside the directory: escaped slashes, backslashes and control characters name no file, symbolic links
 * are followed as {@link SymbolicLinks} says, and names that begin with a dot are hidden, except {@code /.well-known/}
 * (RFC 8615). Only regular files are opened. All of that is answered with 404, and no response repeats the path.
 *
 * <h2>Speed</h2>
 * <p>What was looked up in the last second, and has not been pushed out of the {@linkplain Builder#cacheBytes cache},
 * is answered on the event loop: small files from memory together with their head, large ones by the system
 * ({@code sendfile(2)}) while no thread waits. Everything else is looked up on a virtual thread. A {@link
 * dev.selvedge.server.Filter} around the handler moves every request to a virtual thread, because a filter has to see
 * each request once.
 *
 * <p>May be used by any number of threads, servers and routers at once.
 */
public final class StaticFiles implements PromptHandler {

    /** How often a file that changes while it is looked up is tried. */
    private static final int ATTEMPTS = 3;

    private static final String ALLOW = "GET, HEAD, OPTIONS";

    private final Documents documents;
    private final ResponseFields fields;

    /** The path of what answers instead of a missing page, or null. */
    private final String fallback;

    /** The path of what goes with a 404, or null. */
    private final String notFoundPage;

    private StaticFiles(Builder builder) {
        Tree tree = new Tree(builder.root, new TreeRules(builder.indexFiles, builder.cleanUrls, builder.listings,
                builder.hiddenFiles, builder.symbolicLinks, builder.precompressed));
        this.fields = new ResponseFields(builder.mediaTypes, builder.cacheRules, builder.general.build());
        this.documents = new Documents(tree, new DocumentLoader(fields, builder.cachedFileBytes),
                new DocumentCache(builder.cacheBytes), builder.recheckAfter.toNanos());
        this.fallback = builder.fallback;
        this.notFoundPage = builder.notFoundPage;
    }

    // ---- making

    /**
     * Serves a directory, with everything at its default.
     *
     * @param directory a directory of any file system
     * @return the handler
     * @throws IllegalArgumentException if there is no such directory
     */
    public static StaticFiles of(Path directory) {
        return builder(directory).build();
    }

    /**
     * Serves a folder on the class path or module path, with everything at its default.
     *
     * @param anchor a class of the same JAR file, directory or module as the folder
     * @param folder the folder's name, such as {@code "web"} or {@code "com/example/web"}
     * @return the handler
     * @throws IllegalArgumentException if there is no such folder
     */
    public static StaticFiles of(Class<?> anchor, String folder) {
        return builder(anchor, folder).build();
    }

    /**
     * Returns a builder for a directory.
     *
     * @param directory a directory of any file system
     * @return the builder
     * @throws IllegalArgumentException if there is no such directory
     */
    public static Builder builder(Path directory) {
        try {
            return new Builder(Root.of(directory));
        } catch (IOException e) {
            throw new IllegalArgumentException("no directory to be served: " + directory, e);
        }
    }

    /**
     * Returns a builder for a folder on the class path or module path.
     *
     * @param anchor a class of the same JAR file, directory or module as the folder
     * @param folder the folder's name, such as {@code "web"} or {@code "com/example/web"}
     * @return the builder
     * @throws IllegalArgumentException if there is no such folder
     */
    public static Builder builder(Class<?> anchor, String folder) {
        try {
            return new Builder(Root.ofResources(anchor, folder));
        } catch (IOException e) {
            throw new IllegalArgumentException("the folder " + folder + " beside " + anchor + " can't be read", e);
        }
    }

    // ---- answering

    /** Answers on the event loop if the file was looked up a moment ago. */
    @Override
    public Response tryHandle(Request request) {
        if (!isRead(request.method())) {
            return refusal(request);
        }
        String path = request.canonicalPathInMount();
        Document document = documents.fresh(path);
        return document == null ? null : answer(request, path, document);
    }

    /**
     * Answers one request; looks at the file system if need be.
     *
     * @param request the request
     * @return the response
     * @throws IOException if the file system fails otherwise than by not having the file
     */
    @Override
    public Response handle(Request request) throws IOException {
        if (!isRead(request.method())) {
            return refusal(request);
        }
        String path = request.canonicalPathInMount();
        for (int attempt = 1;; attempt++) {
            try {
                Document document = documents.fresh(path);
                return document != null ? answerLooking(request, path, document) : lookUp(request, path);
            } catch (NoSuchFileException | AccessDeniedException e) {       // since somebody looked
                if (attempt == ATTEMPTS) {
                    return missing(request, path);
                }
            }
        }
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private Response refusal(Request request) {
        return fields.general(request.method().equals("OPTIONS") ? Response.empty() : Response.error(405))
                .withHeader("Allow", ALLOW);
    }

    /** Answers with the document of a path, that of the request or of a page instead; null if that has to wait. */
    private Response answer(Request request, String path, Document document) {
        return document.choose(request.headers()).answer(request, () -> again(request, path));
    }

    /** Answers likewise, and waits; the document is forgotten if that fails because it is another one by now. */
    private Response answerLooking(Request request, String path, Document document) throws IOException {
        try {
            return document.choose(request.headers()).answerLooking(request, () -> again(request, path));
        } catch (NoSuchFileException e) {
            documents.forget(path);
            throw e;
        }
    }

    private Response again(Request request, String path) throws IOException {
        documents.forget(path);
        return handle(request);
    }

    private Response lookUp(Request request, String path) throws IOException {
        long now = System.nanoTime();
        return switch (documents.find(path)) {
            case Found.Document found -> answerLooking(request, path, documents.of(path, found, now));
            case Found.ToDirectory _ -> fields.movedToDirectory(request);
            case Found.Directory directory -> fields.listing(request, directory.items())
                    .answer(request, () -> handle(request));
            case Found.Missing _ -> missing(request, path);
        };
    }

    // ---- what there is instead of a document

    private Response missing(Request request, String path) throws IOException {
        Document instead = fallback != null && SitePath.mayBePage(path) ? documents.page(fallback) : null;
        if (instead != null) {
            return answerLooking(request, fallback, instead);
        }
        Document page = notFoundPage == null ? null : documents.page(notFoundPage);
        return page == null ? fields.general(Response.notFound())
                : page.choose(request.headers()).asError(404, () -> again(request, notFoundPage));
    }

    private void requirePage(String path, String what) {
        try {
            if (path != null && documents.page(path) == null) {
                throw new IllegalArgumentException("the " + what + " " + path + " is not among the files");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the " + what + " " + path + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Makes a {@link StaticFiles}. For one thread; may be used further after {@link #build()}. */
    public static final class Builder {

        /** So much that nobody sees the difference, and still a number of nanoseconds. */
        private static final Duration RECHECK_MAX = Duration.ofDays(36_500);

        private final Root root;
        private List<String> indexFiles = List.of("index.html");
        private boolean cleanUrls;
        private boolean listings;
        private boolean hiddenFiles;
        private SymbolicLinks symbolicLinks = SymbolicLinks.FOLLOW_INSIDE;
        private Set<Coding> precompressed = Set.of();
        private MediaTypes mediaTypes = MediaTypes.standard();
        private CacheRules cacheRules = CacheRules.DEFAULT;
        private final Headers.Builder general = Headers.builder().add("X-Content-Type-Options", "nosniff");
        private String fallback;
        private String notFoundPage;
        private long cacheBytes = 32L << 20;
        private int cachedFileBytes = 64 << 10;
        private Duration recheckAfter = Duration.ofSeconds(1);

        private Builder(Root root) {
            this.root = root;
        }

        /**
         * Names the files that stand for their directory: {@code /docs/} is answered with the first of them that exists
         * in {@code docs}. Without a call it is {@code index.html}.
         *
         * @param names names of files, such as {@code "index.html"}; none if directories have no such file
         * @return this builder
         * @throws IllegalArgumentException if a name is empty or has a slash
         */
        public Builder indexFiles(String... names) {
            for (String name : names) {
                if (name.isEmpty() || name.contains("/")) {
                    throw new IllegalArgumentException("\"" + name + "\" is no name of a file in every directory");
                }
            }
            indexFiles = List.of(names);
            return this;
        }

        /**
         * Lets {@code /guide} be answered with {@code guide.html}. Off unless it is set. {@code /guide.html} is still
         * there.
         *
         * @param on whether that is so
         * @return this builder
         */
        public Builder cleanUrls(boolean on) {
            cleanUrls = on;
            return this;
        }

        /**
         * Lists directories that have no index file, in a plain page. Off unless it is set: such a directory is not
         * found.
         *
         * @param on whether that is so
         * @return this builder
         */
        public Builder listings(boolean on) {
            listings = on;
            return this;
        }

        /**
         * Serves files and directories whose names begin with a dot, too. Off unless it is set.
         *
         * @param on whether that is so
         * @return this builder
         */
        public Builder hiddenFiles(boolean on) {
            hiddenFiles = on;
            return this;
        }

        /**
         * Says which symbolic links are followed. Without a call it is {@link SymbolicLinks#FOLLOW_INSIDE}.
         *
         * @param policy which
         * @return this builder
         */
        public Builder symbolicLinks(SymbolicLinks policy) {
            symbolicLinks = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sends a file that lies compressed beside the original to clients that take it (RFC 9110 §12.5.3): for {@code
         * app.js} it is {@code app.js.br}, {@code app.js.zst} or {@code app.js.gz}, by the client's weights and among
         * equals in this order. Off unless it is set, for it takes three more looks at the file system.
         *
         * @param on whether that is so
         * @return this builder
         */
        public Builder precompressed(boolean on) {
            precompressed = on ? EnumSet.allOf(Coding.class) : Set.of();
            return this;
        }

        /**
         * Says for how long caches may keep the files that fit a pattern (RFC 9111 §5.2.2). The first pattern that fits
         * decides; what fits none is sent with {@code no-cache}, which lets caches keep it and ask each time whether it
         * is still the same.
         *
         * <p>A pattern with a slash at its beginning is compared with the path below the directory, one without any
         * with the file's name. {@code ?} stands for one character but the slash, {@code *} for any number of them,
         * {@code **} for any number of directories.
         *
         * @param pattern such as {@code "*.html"} or {@code "/assets/**"}
         * @param cacheControl the value of Cache-Control; empty for no such header line
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed, or the value can't be that of a header
         */
        public Builder cacheControl(String pattern, String cacheControl) {
            cacheRules = cacheRules.with(pattern, cacheControl);
            return this;
        }

        /**
         * Lets caches keep for ever what fits a pattern and has the hash of its content in its name, as bundlers write
         * it: {@code app.3f9a1c2b.js} or {@code index-BxQ7kD2f.css}. Counts among the rules of {@link #cacheControl}.
         *
         * @param pattern as for {@link #cacheControl}
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed
         */
        public Builder immutableHashedNames(String pattern) {
            cacheRules = cacheRules.withHashedNames(pattern);
            return this;
        }

        /**
         * Sets the media type of files with an extension, in place of the one in the {@linkplain MediaTypes table}.
         *
         * @param extension without the dot, in any case
         * @param contentType such as {@code "text/x-java; charset=utf-8"}
         * @return this builder
         * @throws IllegalArgumentException if it can't be an extension, or the value is no media type
         */
        public Builder mediaType(String extension, String contentType) {
            mediaTypes = mediaTypes.with(extension, contentType);
            return this;
        }

        /**
         * Adds a header line to every response, such as {@code Content-Security-Policy}. {@code X-Content-Type-Options:
         * nosniff} is there already; {@code Vary} is joined with what a response says itself.
         *
         * @param name a header name
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException as for {@link Response#withHeader}, or if it is not the same for all files
         */
        public Builder header(String name, String value) {
            ResponseFields.requireGeneral(name);
            Response.status(200).withHeader(name, value);       // refuses what belongs to the server
            general.set(name, value);
            return this;
        }

        /**
         * Answers GET and HEAD for a path that does not exist with a page of the directory and status 200, for
         * applications that route in the browser. Only where the last segment has no dot and none begins with one: what
         * looks like a file and is not there is still a 404, for a script that is a page in truth is hard to find out.
         *
         * @param page its path as in a URL, such as {@code "/index.html"}
         * @return this builder
         * @throws IllegalArgumentException if the path does not begin with a slash, or can't be that of a URL
         */
        public Builder fallback(String page) {
            fallback = requirePath(page);
            return this;
        }

        /**
         * Sends a page of the directory with each 404 of this handler.
         *
         * @param page its path as in a URL, such as {@code "/404.html"}
         * @return this builder
         * @throws IllegalArgumentException if the path does not begin with a slash, or can't be that of a URL
         */
        public Builder notFoundPage(String page) {
            notFoundPage = requirePath(page);
            return this;
        }

        /**
         * Bounds the memory for files that were asked for lately. Without a call it is 32 MiB.
         *
         * @param bytes at least 0; 0 for no cache: every request is looked up
         * @return this builder
         * @throws IllegalArgumentException if the number is negative
         */
        public Builder cacheBytes(long bytes) {
            cacheBytes = requireNotNegative(bytes);
            return this;
        }

        /**
         * Sets how large a file may be to be kept in memory, and sent together with its head. Without a call it is 64
         * KiB.
         *
         * @param bytes at least 0
         * @return this builder
         * @throws IllegalArgumentException if the number is negative
         */
        public Builder cachedFileBytes(int bytes) {
            cachedFileBytes = (int) requireNotNegative(bytes);
            return this;
        }

        /**
         * Sets after which time a file is looked up again. Until then an older one may be sent, whole and with its own
         * tag. Without a call it is one second.
         *
         * @param time zero to look for each request
         * @return this builder
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder recheckAfter(Duration time) {
            requireNotNegative(time.getSeconds());
            recheckAfter = time.compareTo(RECHECK_MAX) > 0 ? RECHECK_MAX : time;
            return this;
        }

        /**
         * Makes the handler.
         *
         * @return the handler
         * @throws IllegalArgumentException if the {@link #fallback} or the {@link #notFoundPage} is not there
         */
        public StaticFiles build() {
            StaticFiles files = new StaticFiles(this);
            files.requirePage(fallback, "fallback");
            files.requirePage(notFoundPage, "notFoundPage");
            return files;
        }

        private static String requirePath(String page) {
            if (!page.startsWith("/")) {
                throw new IllegalArgumentException("\"" + page + "\" is no path: it does not begin with a slash");
            }
            return Request.builder("GET", page).build().canonicalPathInMount();
        }

        private static long requireNotNegative(long number) {
            if (number < 0) {
                throw new IllegalArgumentException("it must be at least 0, not " + number);
            }
            return number;
        }
    }
}
