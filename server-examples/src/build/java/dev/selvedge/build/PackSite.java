package dev.selvedge.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the files of a site ready to be served: assets get the hash of their content into their names, so that browsers
 * may keep them for ever; pages ask for them by these names; and what becomes much smaller has a {@code .gz} beside it.
 *
 * <p>The build runs this file behind the copying of resources. It reads the sources and writes where the copies are.
 * The assets are still there under their plain names, too, and so nothing breaks where an IDE copies a page once more.
 *
 * <p>There is no {@code .br} and no {@code .zst}: the JDK can't make them.
 */
final class PackSite {

    private static final int HASH_DIGITS = 16;

    /** Two header lines say that something is compressed, and a packet is a packet. */
    private static final int MIN_SAVED_OCTETS = 256;

    private final Path sources;
    private final Path site;

    private PackSite(Path sources, Path site) {
        this.sources = sources;
        this.site = site;
    }

    static void main(String... arguments) throws IOException {
        new PackSite(Path.of(arguments[0]), Path.of(arguments[1])).pack();
    }

    private void pack() throws IOException {
        Map<String, byte[]> plain = new TreeMap<>();
        FileTime newest = FileTime.fromMillis(0);
        for (Path file : filesIn(sources)) {
            plain.put(name(sources, file), Files.readAllBytes(file));
            FileTime modified = Files.getLastModifiedTime(file);
            newest = modified.compareTo(newest) > 0 ? modified : newest;
        }
        write(packed(plain), newest);
    }

    /** Returns everything that the site has, by name. */
    private static Map<String, byte[]> packed(Map<String, byte[]> plain) {
        Map<String, byte[]> packed = new TreeMap<>(plain);
        Map<String, String> hashedNames = new HashMap<>();
        plain.forEach((name, content) -> {
            if (!isPage(name)) {
                hashedNames.put(name, hashedName(name, content));
                packed.put(hashedNames.get(name), content);
            }
        });
        packed.replaceAll((name, content) -> isPage(name) ? withHashedNames(content, hashedNames) : content);
        for (Map.Entry<String, byte[]> file : Map.copyOf(packed).entrySet()) {
            byte[] compressed = gzip(file.getValue());
            if (compressed.length + MIN_SAVED_OCTETS <= file.getValue().length) {
                packed.put(file.getKey() + ".gz", compressed);
            }
        }
        return packed;
    }

    private static boolean isPage(String name) {
        return name.endsWith(".html");
    }

    /** Returns {@code style.0123456789abcdef.css} for {@code style.css}. */
    private static String hashedName(String name, byte[] content) {
        int dot = name.lastIndexOf('.');
        return name.substring(0, dot) + '.' + hash(content) + name.substring(dot);
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Pages name assets in attributes, by absolute paths. */
    private static byte[] withHashedNames(byte[] page, Map<String, String> hashedNames) {
        String html = new String(page, StandardCharsets.UTF_8);
        for (Map.Entry<String, String> asset : hashedNames.entrySet()) {
            html = html.replace("=\"/" + asset.getKey() + '"', "=\"/" + asset.getValue() + '"');
        }
        return html.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /**
     * All files get one time, that of the newest source: a page is a new one also if only an asset of its has changed,
     * and a compressed file is no older than its original.
     */
    private void write(Map<String, byte[]> files, FileTime modified) throws IOException {
        for (Path old : filesIn(site)) {
            if (!files.containsKey(name(site, old))) {
                Files.delete(old);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = site.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            Files.setLastModifiedTime(path, modified);
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
