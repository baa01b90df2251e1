package dev.selvedge.epoll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class NativeImageMetadataTest {

    /** A native image holds only the function shapes that it was told of when it was built. */
    @Test
    void theOneShapeIsDeclared() throws IOException {
        String path = "/META-INF/native-image/dev.selvedge/server-native-epoll/reachability-metadata.json";
        String json;
        try (InputStream file = LinuxKernel.class.getResourceAsStream(path)) {
            json = new String(file.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s", "");
        }
        String parameters = String.join(",", Collections.nCopies(LinuxKernel.SHAPE.argumentLayouts().size(), "\"jlong\""));
        assertEquals("\"foreign\":{\"downcalls\":[{\"returnType\":\"jlong\",\"parameterTypes\":[" + parameters
                + "],\"options\":{\"captureCallState\":true}}]}}", json.substring(json.indexOf("\"foreign\"")));
    }
}
