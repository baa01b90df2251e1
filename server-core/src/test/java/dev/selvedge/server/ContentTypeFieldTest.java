package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.http1.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypeFieldTest {

    /** Ready-made or not, it is the line that was asked for, as it was written. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset=utf-8", "application/json", "image/png", "application/octet-stream",
        "IMAGE/PNG", "text/plain;charset=utf-8", "model/gltf+json", "x"})
    void itIsOneLineWithTheType(String contentType) {
        FieldSection field = ContentTypeField.of(contentType);
        assertEquals(1, field.size());
        assertEquals("Content-Type", field.name(0));
        assertEquals(contentType, field.value(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain\r\nX: y", " image/png", "image/png ", "text/\u0100"})
    void whatNoFieldValueMayHaveIsRefused(String contentType) {
        assertThrows(IllegalArgumentException.class, () -> ContentTypeField.of(contentType));
    }

    @Test
    void nullIsRefusedWithTheNameOfTheField() {
        NullPointerException refused = assertThrows(NullPointerException.class, () -> ContentTypeField.of(null));
        assertEquals("value of the field Content-Type", refused.getMessage());
    }
}
