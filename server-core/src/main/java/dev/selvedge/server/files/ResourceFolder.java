package dev.selvedge.server.files;

import java.io.IOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;

/** Finds a folder that is packed with the classes: in a directory, a jar or the run-time image of jlink. */
final class ResourceFolder {

    /** Read-only, and with the entries for this version of Java in the place of others, as class loaders see them. */
    private static final Map<String, ?> JAR = Map.of("accessMode", "readOnly", "releaseVersion", "runtime");

    private ResourceFolder() { }

    /** See {@link Root#ofResources}. A jar stays open from now on. */
    static Path find(Class<?> anchor, String folder) throws IOException {
        String relative = relative(folder);
        URI home = home(anchor);
        Path found = folderIn(home, relative, anchor);
        if (found == null) {
            found = folderBeside(anchor, relative);
        }
        if (found == null) {
            throw new IllegalArgumentException("there is no folder \"" + relative + "\" in " + home
                    + ", where " + anchor.getName() + " comes from");
        }
        return found;
    }

    private static String relative(String folder) {
        String relative = folder.startsWith("/") ? folder.substring(1) : folder;
        relative = relative.endsWith("/") ? relative.substring(0, relative.length() - 1) : relative;
        for (String name : relative.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("\"" + folder + "\" is no path of a folder, such as \"web/public\"");
            }
        }
        return relative;
    }

    /** Returns where a class was loaded from. */
    private static URI home(Class<?> anchor) {
        Module module = anchor.getModule();
        if (module.isNamed() && module.getLayer() != null) {
            Optional<URI> location = module.getLayer().configuration().findModule(module.getName())
                    .map(ResolvedModule::reference).flatMap(ModuleReference::location);
            if (location.isPresent()) {
                return location.get();
            }
        }
        CodeSource source = anchor.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new IllegalArgumentException("nobody knows where " + anchor.getName()
                    + " was loaded from; name a class that comes from a directory or a jar");
        }
        return uri(source.getLocation());
    }

    private static URI uri(URL url) {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the location " + url + " is no URI", e);
        }
    }

    private static Path folderIn(URI home, String relative, Class<?> anchor) throws IOException {
        if ("jrt".equals(home.getScheme())) {
            String module = home.getPath().substring(1);
            return ifDirectory(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", module, relative));
        }
        Path container;
        try {
            container = Path.of(home);
        } catch (FileSystemNotFoundException | IllegalArgumentException e) {
            throw new IllegalArgumentException(anchor.getName() + " comes from " + home
                    + ", which is neither a directory nor a jar; unpack it, and give its Path", e);
        }
        return Files.isDirectory(container) ? ifDirectory(container.resolve(relative)) : inJar(container, relative);
    }

    private static Path inJar(Path jar, String relative) throws IOException {
        FileSystem open;
        try {
            open = FileSystems.newFileSystem(jar, JAR);
        } catch (ProviderNotFoundException e) {
            throw new IllegalArgumentException("can't look into " + jar
                    + ": it is no jar, or the run-time image lacks the module jdk.zipfs", e);
        }
        Path folder = ifDirectory(open.getPath("/", relative));
        if (folder == null) {
            open.close();
        }
        return folder;
    }

    private static Path ifDirectory(Path folder) {
        return Files.isDirectory(folder) ? folder : null;
    }

    /** Looks in the other places of the class path: build tools put classes and resources in different directories. */
    private static Path folderBeside(Class<?> anchor, String relative) {
        URL url = anchor.getResource("/" + relative);
        return url == null || !"file".equals(url.getProtocol()) ? null : ifDirectory(Path.of(uri(url)));
    }
}
