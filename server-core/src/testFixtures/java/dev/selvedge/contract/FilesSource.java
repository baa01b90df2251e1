package dev.selvedge.contract;

import dev.selvedge.server.files.StaticFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Where files can come from. */
enum FilesSource {

    /** A directory of the system's own file system. */
    DIRECTORY {
        @Override
        void write(Path home, Map<String, byte[]> files, FileTime time) throws IOException {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = home.resolve(FOLDER).resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
                Files.setLastModifiedTime(path, time);
            }
        }

        @Override
        StaticFiles.Builder open(Path home, Consumer<AutoCloseable> closer) {
            return StaticFiles.builder(home.resolve(FOLDER));
        }
    },

    /** A path in the file system of a ZIP file. */
    ZIP {
        @Override
        void write(Path home, Map<String, byte[]> files, FileTime time) throws IOException {
            pack(home.resolve("site.zip"), files, time);
        }

        @Override
        StaticFiles.Builder open(Path home, Consumer<AutoCloseable> closer) throws IOException {
            FileSystem zip = FileSystems.newFileSystem(home.resolve("site.zip"));
            closer.accept(zip);
            return StaticFiles.builder(zip.getPath("/", FOLDER));
        }
    },

    /** A folder beside a class in a JAR file on the class path. */
    JAR {
        @Override
        void write(Path home, Map<String, byte[]> files, FileTime time) throws IOException {
            pack(home.resolve("site.jar"), files, time);
        }

        @Override
        StaticFiles.Builder open(Path home, Consumer<AutoCloseable> closer) throws IOException {
            URL[] classPath = {home.resolve("site.jar").toUri().toURL()};
            URLClassLoader loader = new URLClassLoader(classPath, null);
            closer.accept(loader);
            try {
                return StaticFiles.builder(loader.loadClass(FilesAnchor.class.getName()), FOLDER);
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }
    };

    private static final String FOLDER = "site";

    /**
     * Puts files there.
     *
     * @param home a directory that belongs to this test
     * @param files their paths and contents
     * @param time when they were modified, a whole even second, so that archives can tell it
     */
    abstract void write(Path home, Map<String, byte[]> files, FileTime time) throws IOException;

    /** Begins to serve what was written. */
    abstract StaticFiles.Builder open(Path home, Consumer<AutoCloseable> closer) throws IOException;

    private static void pack(Path archive, Map<String, byte[]> files, FileTime time) throws IOException {
        String name = FilesAnchor.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(archive); ZipOutputStream zip = new ZipOutputStream(out);
                var code = FilesAnchor.class.getResourceAsStream("/" + name)) {
            entry(zip, name, code.readAllBytes(), time);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                entry(zip, FOLDER + '/' + file.getKey(), file.getValue(), time);
            }
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content, FileTime time) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(time);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
