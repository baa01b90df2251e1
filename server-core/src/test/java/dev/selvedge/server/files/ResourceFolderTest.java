package dev.selvedge.server.files;

import static dev.selvedge.server.files.TreeFixture.RULES;
import static dev.selvedge.server.files.TreeFixture.document;
import static dev.selvedge.server.files.TreeFixture.see;
import static dev.selvedge.server.files.TreeFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is packed with the classes is found wherever they were loaded from. */
class ResourceFolderTest {

    private static final String ANCHOR = "app.Anchor";

    @TempDir
    private Path dir;

    private static void fill(Path root) throws IOException {
        write(root, "web/public/index.html", "index");
        write(root, "web/secret.txt", "secret");
        addAnchor(root);
    }

    private static void addAnchor(Path root) throws IOException {
        Files.createDirectories(root.resolve("app"));
        Files.write(root.resolve("app/Anchor.class"), ClassFile.of().build(ClassDesc.of(ANCHOR), type -> { }));
    }

    private Path jar(String manifest) throws IOException {
        Path jar = dir.resolve("app lib-1.0.jar");
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            write(zip.getPath("/"), "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n" + manifest + "\r\n");
            fill(zip.getPath("/"));
            write(zip.getPath("/"), "META-INF/versions/9/web/public/index.html", "index for 9");
        }
        return jar;
    }

    private static URLClassLoader loader(Path... places) throws IOException {
        URL[] urls = new URL[places.length];
        for (int i = 0; i < places.length; i++) {
            urls[i] = places[i].toUri().toURL();
        }
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static String index(Class<?> anchor) throws IOException {
        Tree tree = new Tree(Root.ofResources(anchor, "web/public"), RULES);
        assertEquals("missing", see(tree, "/../secret.txt"));
        return see(tree, "/");
    }

    @Test
    void inADirectoryOfTheClassPath() throws Exception {
        Path classes = Files.createDirectories(dir.resolve("my classes"));
        fill(classes);
        try (URLClassLoader loader = loader(classes)) {
            Class<?> anchor = loader.loadClass(ANCHOR);
            assertEquals("index", index(anchor));
            assertTrue(document(new Tree(Root.ofResources(anchor, "/web/public/"), RULES), "/").file().direct());
        }
    }

    @Test
    void inAnotherDirectoryOfTheClassPathThanTheClasses() throws Exception {
        Path classes = Files.createDirectories(dir.resolve("classes"));
        Path resources = Files.createDirectories(dir.resolve("resources"));
        addAnchor(classes);
        fill(resources);
        try (URLClassLoader loader = loader(classes, resources)) {
            assertEquals("index", index(loader.loadClass(ANCHOR)));
        }
    }

    @Test
    void inAJarOfTheClassPath() throws Exception {
        try (URLClassLoader loader = loader(jar(""))) {
            assertEquals("index", index(loader.loadClass(ANCHOR)));
        }
    }

    @Test
    void inAJarForSeveralReleases() throws Exception {
        try (URLClassLoader loader = loader(jar("Multi-Release: true\r\n"))) {
            assertEquals("index for 9", index(loader.loadClass(ANCHOR)));
        }
    }

    @Test
    void inAModule() throws Exception {
        ModuleFinder finder = ModuleFinder.of(jar(""));
        String name = finder.findAll().iterator().next().descriptor().name();
        Configuration configuration = ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of(name));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithOneLoader(configuration,
                ClassLoader.getPlatformClassLoader());
        Class<?> anchor = layer.findLoader(name).loadClass(ANCHOR);
        assertTrue(anchor.getModule().isNamed());
        assertEquals("index", index(anchor));
    }

    @Test
    void inTheRunTimeImage() throws IOException {
        Tree tree = new Tree(Root.ofResources(Object.class, "java/lang"), RULES);
        assertEquals("Object.class", document(tree, "/Object.class").file().name());
        assertTrue(document(tree, "/ref/Cleaner.class").file().version().size() > 0);
        assertEquals("missing", see(tree, "/object.class"));
        assertEquals("missing", see(tree, "/ref"));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() throws Exception {
        try (URLClassLoader loader = loader(jar(""))) {
            Class<?> anchor = loader.loadClass(ANCHOR);
            for (String folder : List.of("none", "web/none", "web/secret.txt")) {
                String message = assertThrows(IllegalArgumentException.class, () -> Root.ofResources(anchor, folder))
                        .getMessage();
                assertTrue(message.contains("\"" + folder + "\"") && message.contains("app%20lib-1.0.jar")
                        && message.contains(ANCHOR), message);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Root.ofResources(Object.class, "none"));
    }

    @Test
    void aFolderHasAPathWithoutTricks() {
        for (String folder : List.of("", "/", "a//b", "../a", "a/../b", "./a", "a\\b", "//a")) {
            assertThrows(IllegalArgumentException.class, () -> Root.ofResources(Object.class, folder), folder);
        }
    }

    @Test
    void aClassFromNowhereIsNoAnchor() throws Exception {
        Class<?> anchor = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) {
                byte[] type = ClassFile.of().build(ClassDesc.of(name), builder -> { });
                return defineClass(name, type, 0, type.length);
            }
        }.loadClass("made.Up");
        String message = assertThrows(IllegalArgumentException.class, () -> Root.ofResources(anchor, "web")).getMessage();
        assertTrue(message.contains("made.Up"), message);
    }

    @Test
    void theRootIsADirectory() throws IOException {
        Path file = write(dir, "a.txt");
        assertThrows(NotDirectoryException.class, () -> Root.of(file));
        assertThrows(java.nio.file.NoSuchFileException.class, () -> Root.of(dir.resolve("none")));
    }
}
