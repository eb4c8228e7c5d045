// Decodes and encodes images with Debian's stb (libstb-dev), for MLImage. Called by P/Invoke from Imaging/ImageCodec.cs.
// Every function takes whole buffers, keeps no state and may be called from any number of threads.

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Corrupt data must not end the process, nor show what was in the memory before.
#define STBI_ASSERT(condition) ((void)0)
#define STBI_MALLOC(size) calloc(1, size)
#define STBI_REALLOC(block, size) realloc(block, size)
#define STBI_FREE(block) free(block)

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_FAILURE_STRINGS
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#include <stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

#define EXPORT __attribute__((visibility("default")))

// stb_image before 2.28 writes past its Huffman tables where a JPEG defines more than 256 codes in one. This walks the
// segments as stb does and refuses such a file; whatever else is wrong with one, stb notices itself.
static int huffman_tables_fit(const uint8_t *data, int length)
{
    const uint8_t *end = data + length, *at = data;
    if (length == 0 || *data != 0xFF)
        return 1;

    while ((at = memchr(at, 0xFF, (size_t)(end - at))) != NULL)
    {
        while (at < end && *at == 0xFF)
            at++;
        if (at == end || *at == 0xD9)
            return 1;

        int marker = *at++;
        if (marker == 0 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8))
            continue;
        if (end - at < 2)
            return 1;

        int segment = at[0] << 8 | at[1];
        if (marker != 0xC4)
        {
            if (segment < 2 || segment > end - at)
                return 1;
            at += segment;
            continue;
        }

        at += 2;
        for (int rest = segment - 2; rest > 0;)
        {
            if (end - at < 17)
                return 0;
            int codes = 0;
            for (int i = 1; i <= 16; i++)
                codes += at[i];
            if (codes > 256 || codes > end - at - 17)
                return 0;
            at += 17 + codes;
            rest -= 17 + codes;
        }
    }
    return 1;
}

// Reads the header: 1 and the size in pixels and channels, or 0 where it is no image of a known format.
EXPORT int image_size(const uint8_t *data, int length, int *width, int *height, int *channels)
{
    return huffman_tables_fit(data, length) && stbi_info_from_memory(data, length, width, height, channels);
}

// Decodes what image_size accepted to rows of RGBA with premultiplied alpha. `pixels` holds width * height * 4 bytes, as image_size told.
// Returns 0 where the data are corrupt, 1 where every pixel is opaque, 2 where some is not.
EXPORT int image_decode(const uint8_t *data, int length, uint8_t *pixels, int width, int height)
{
    int decoded_width, decoded_height, channels;
    uint8_t *decoded = stbi_load_from_memory(data, length, &decoded_width, &decoded_height, &channels, 4);
    if (decoded == NULL)
        return 0;

    int result = 0;
    if (decoded_width == width && decoded_height == height)
    {
        size_t count = (size_t)width * height;
        uint8_t all = 255;
        for (size_t i = 0; i < count; i++)
            all &= decoded[4 * i + 3];

        memcpy(pixels, decoded, 4 * count);
        result = all == 255 ? 1 : 2;
        for (size_t i = 0; result == 2 && i < count; i++)
        {
            uint8_t *pixel = pixels + 4 * i;
            for (int c = 0; c < 3; c++)
            {
                unsigned product = pixel[c] * pixel[3] + 128u;
                pixel[c] = (uint8_t)((product + (product >> 8)) >> 8);
            }
        }
    }

    stbi_image_free(decoded);
    return result;
}

typedef struct
{
    uint8_t *data;
    size_t length, capacity;
    int failed;
} growing_buffer;

static void append(void *context, void *data, int length)
{
    growing_buffer *buffer = context;
    size_t needed = buffer->length + (size_t)length;
    if (buffer->failed)
        return;
    if (needed > buffer->capacity)
    {
        size_t capacity = 2 * needed + 4096;
        uint8_t *grown = realloc(buffer->data, capacity);
        if (grown == NULL)
        {
            buffer->failed = 1;
            return;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->length, data, (size_t)length);
    buffer->length = needed;
}

// Encodes rows of RGB (channels 3) or RGBA (4). NULL where it fails; otherwise the caller frees with image_free.
EXPORT uint8_t *image_encode_jpeg(const uint8_t *pixels, int width, int height, int channels, int quality, int *length)
{
    growing_buffer buffer = {0};
    int written = stbi_write_jpg_to_func(append, &buffer, width, height, channels, pixels, quality);
    if (!written || buffer.failed || buffer.length > INT_MAX)
    {
        free(buffer.data);
        return NULL;
    }
    *length = (int)buffer.length;
    return buffer.data;
}

EXPORT uint8_t *image_encode_png(const uint8_t *pixels, int width, int height, int channels, int *length)
{
    return stbi_write_png_to_mem(pixels, width * channels, width, height, channels, length);
}

EXPORT void image_free(uint8_t *data)
{
    free(data);
}
