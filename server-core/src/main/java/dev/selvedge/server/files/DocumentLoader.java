package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes documents of what was found: reads what is small, and chooses what the responses say. Blocks. */
final class DocumentLoader {

    /**
     * A file that was written so lately may be written again within a tick of the system's clock, 10 ms at most, and
     * look the same.
     */
    private static final Duration TICK = Duration.ofMillis(20);

    /** The ticks of file systems that keep whole seconds; those of FAT are the longest. */
    private static final Duration COARSE_TICK = Duration.ofSeconds(2);

    /** Archives made to be reproducible date their files at the beginning of their time, which says nothing. */
    private static final Instant FIRST_CREDIBLE = Instant.parse("1990-01-01T00:00:00Z");

    private static final int TAG_BYTES = 15;
    private static final int CHUNK_BYTES = 64 << 10;

    private final ResponseFields fields;
    private final int maxFileBytes;

    /**
     * Makes a loader.
     *
     * @param fields chooses the header lines
     * @param maxFileBytes how large a file may be to be kept in memory
     */
    DocumentLoader(ResponseFields fields, int maxFileBytes) {
        this.fields = fields;
        this.maxFileBytes = maxFileBytes;
    }

    /**
     * Loads a document with all its forms.
     *
     * @param path by which it was asked for
     * @param found what was found
     * @param now when, by {@link System#nanoTime}
     * @throws java.nio.file.NoSuchFileException if something of it is gone by now
     */
    Document load(String path, Found.Document found, long now) throws IOException {
        Instant looked = Instant.now();
        String name = name(path, found.file().name());
        boolean varies = !found.siblings().isEmpty();
        Map<Coding, Representation> encoded = new EnumMap<>(Coding.class);
        boolean steady = isSteady(found.file(), looked);
        for (Map.Entry<Coding, FileEntry> sibling : found.siblings().entrySet()) {
            Coding coding = sibling.getKey();
            encoded.put(coding, represent(name, sibling.getValue(), coding, varies, looked));
            steady &= isSteady(sibling.getValue(), looked);
        }
        return new Document(found, represent(name, found.file(), null, varies, looked), encoded, steady, now);
    }

    /** Returns the path of the file below the root: that of the directory that was asked for, and the file's name. */
    private static String name(String path, String fileName) {
        SitePath.Names asked = (SitePath.Names) SitePath.of(path);
        int directories = asked.names().size() - (asked.endsInSlash() || asked.names().isEmpty() ? 0 : 1);
        StringBuilder name = new StringBuilder("/");
        asked.names().subList(0, directories).forEach(directory -> name.append(directory).append('/'));
        return name.append(fileName).toString();
    }

    /** Returns whether an equal version later means equal content. Files in archives do not change. */
    private static boolean isSteady(FileEntry entry, Instant looked) {
        FileVersion version = entry.version();
        FileTime written = version.changed() != null ? version.changed() : version.lastModified();
        Duration tick = written.toInstant().getNano() == 0 ? COARSE_TICK : TICK;
        return !entry.direct() || written.toInstant().isBefore(looked.minus(tick));
    }

    private Representation represent(String name, FileEntry entry, Coding coding, boolean varies, Instant looked)
            throws IOException {
        Octets octets = octets(entry);
        String tag = switch (octets) {
            case Octets.InMemory(byte[] array) -> tagOf(array).opaque();
            case Octets.InArchive(Path file, long _) -> text(digest(file));
            case Octets.OfSystem(Path _, FileVersion version) -> tag(version);
        };
        boolean weak = octets instanceof Octets.OfSystem && !isSteady(entry, looked);
        if (weak) {     // what looks the same at the next look may be something else
            tag += '-' + Long.toHexString(ChronoUnit.MICROS.between(Instant.EPOCH, looked));
        }
        EntityTag etag = new EntityTag(coding == null ? tag : tag + '-' + coding.token(), weak);
        Instant modified = entry.version().lastModified().toInstant();
        Validators validators = new Validators(etag, modified.isBefore(FIRST_CREDIBLE) ? null : modified);
        return fields.represent(name, octets, validators, coding, varies, looked);
    }

    /** Chooses where the octets come from; what is small is read, so that its tag and its content belong together. */
    private Octets octets(FileEntry entry) throws IOException {
        if (entry.version().size() <= maxFileBytes) {
            byte[] array = read(entry);
            if (array != null) {
                return new Octets.InMemory(array);
            }
        }
        return entry.direct() ? new Octets.OfSystem(entry.path(), entry.version())
                : new Octets.InArchive(entry.path(), entry.version().size());
    }

    /**
     * Returns the whole content, or null if it has become too long. It is looked up again while it is open, lest
     * somebody puts a link in the place of one of its directories in between.
     *
     * @throws NoSuchFileException if it is gone, or another file by now
     */
    private byte[] read(FileEntry entry) throws IOException {
        try (InputStream in = entry.open()) {
            byte[] array = in.readNBytes(maxFileBytes);
            boolean tooLong = array.length == maxFileBytes && in.read() >= 0;
            if (entry.direct() && FileVersion.of(entry.path()).inode() != entry.version().inode()) {
                throw new NoSuchFileException(entry.path().toString(), null, "it is another file by now");
            }
            return tooLong ? null : array;
        }
    }

    /** The time of the last change is there because that of the last modification can be set to what it was before. */
    private static String tag(FileVersion version) {
        return hex(version.size()) + '-' + hex(version.lastModified()) + '-' + hex(version.changed()) + '-'
                + hex(version.inode());
    }

    private static String hex(FileTime time) {
        return time == null ? "" : hex(time.to(TimeUnit.NANOSECONDS));
    }

    private static String hex(long number) {
        return Long.toHexString(number);
    }

    private static byte[] digest(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = UndisturbedInput.open(file)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.digest();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the tag of what has just these octets. */
    static EntityTag tagOf(byte[] octets) {
        return EntityTag.strong(text(digest().digest(octets)));
    }

    private static String text(byte[] digest) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES));
    }
}
