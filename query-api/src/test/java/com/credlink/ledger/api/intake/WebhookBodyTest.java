package com.credlink.ledger.api.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.credlink.ledger.api.intake.WebhookBody.MalformedBodyException;
import com.credlink.ledger.api.intake.WebhookBody.Resource;
import com.credlink.ledger.event.ImageReference;
import com.credlink.ledger.event.WebhookExtract;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookBodyTest {

  private static final String PRODUCT =
      """
      {"id": 788032119674292922, "title": "Alpine Board \u00fc", "updated_at": "2026-11-23T08:15:30-05:00",
       "images": [
         {"id": 850703190, "src": "https://cdn.shopify.com/a.jpg", "updated_at": "2026-11-22T00:00:00Z"},
         {"id": "850703191", "src": "//cdn.shopify.com/b.png?v=2"}]}
      """;

  // ---- products

  @ParameterizedTest
  @ValueSource(strings = {"products/create", "products/update"})
  void shouldFindTheImagesOfAProduct(String topic) throws Exception {
    WebhookBody body = parse(topic, PRODUCT);

    assertThat(body.shop()).isEmpty();
    assertThat(body.shopId()).isEmpty();
    assertThat(body.resource()).contains(new Resource("products", "788032119674292922"));
    assertThat(body.stub()).isFalse();
    assertThat(body.extract())
        .isEqualTo(
            new WebhookExtract(
                Optional.of("788032119674292922"),
                Optional.of("2026-11-23T08:15:30-05:00"),
                List.of(
                    new ImageReference(
                        "850703190",
                        "https://cdn.shopify.com/a.jpg",
                        Optional.of("2026-11-22T00:00:00Z")),
                    new ImageReference(
                        "850703191", "https://cdn.shopify.com/b.png?v=2", Optional.empty()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"title\":\"t\"}",
        "{\"id\":1,\"title\":\"t\",\"images\":null}",
        "{\"id\":1,\"title\":\"t\",\"images\":[]}"
      })
  void shouldTakeAProductWithoutImages(String product) throws Exception {
    WebhookBody body = parse("products/create", product);

    assertThat(body.extract().images()).isEmpty();
    assertThat(body.stub()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"title\":\"t\"}",
        "{\"id\":null,\"title\":\"t\"}",
        "{\"id\":1.5}",
        "{\"id\":true}",
        "{\"id\":\"\"}",
        "{\"id\":\" \"}",
        "{\"id\":{\"id\":1}}",
        "{\"id\":1,\"images\":{}}",
        "{\"id\":1,\"images\":\"https://cdn.shopify.com/a.jpg\"}",
        "{\"id\":1,\"images\":[null]}",
        "{\"id\":1,\"images\":[[]]}",
        "{\"id\":1,\"images\":[\"https://cdn.shopify.com/a.jpg\"]}",
        "{\"id\":1,\"images\":[{}]}",
        "{\"id\":1,\"images\":[{\"id\":2}]}",
        "{\"id\":1,\"images\":[{\"src\":\"https://cdn.shopify.com/a.jpg\"}]}",
        "{\"id\":1,\"images\":[{\"id\":2,\"src\":null}]}",
        "{\"id\":1,\"images\":[{\"id\":2,\"src\":7}]}",
      })
  void shouldRefuseWhatIsNoProduct(String product) {
    assertMalformed("products/update", product.getBytes(UTF_8));
  }

  // ---- ids

  @ParameterizedTest
  @CsvSource({
    "9007199254740993,9007199254740993",
    "18446744073709551617,18446744073709551617",
    "-1,-1",
    "'\"gid://shopify/Product/1\"',gid://shopify/Product/1",
    "'\"\u00fc\ud83e\uddc0\"',\u00fc\ud83e\uddc0",
  })
  void shouldKeepAnIdToItsLastDigit(String json, String id) throws Exception {
    assertThat(parse("orders/create", "{\"id\":" + json + ",\"total\":1}").resource())
        .contains(new Resource("orders", id));
  }

  @Test
  void shouldKeepAnIdOfAThousandDigitsAndRefuseOneMore() throws Exception {
    String digits = "9".repeat(1000);

    assertThat(parse("orders/create", "{\"id\":" + digits + "}").resource())
        .contains(new Resource("orders", digits));
    assertMalformed("orders/create", ("{\"id\":" + digits + "9}").getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "-1E400", "0.1e-999999999", "1e2147483648"})
  void shouldTakeNumbersBeyondAnyBoundWhereNothingRestsOnThem(String number) throws Exception {
    assertThat(parse("orders/create", "{\"id\":1,\"total\":" + number + "}").resource())
        .contains(new Resource("orders", "1"));
    assertThat(parse("orders/create", "{\"id\":" + number + "}").resource()).isEmpty();
  }

  // ---- the shop that a body names

  @ParameterizedTest
  @CsvSource({
    // The topic decides which of two names counts.
    "customers/redact,both,from-shop-domain.myshopify.com",
    "shop/redact,both,from-shop-domain.myshopify.com",
    "customers/data_request,both,from-shop-domain.myshopify.com",
    "shop/update,both,from-myshopify-domain.myshopify.com",
    "orders/create,both,from-myshopify-domain.myshopify.com",
    "customers/redact,myshopify_domain,from-myshopify-domain.myshopify.com",
    "orders/create,shop_domain,from-shop-domain.myshopify.com",
  })
  void shouldFindTheShopThatTheBodyNames(String topic, String which, String shop) throws Exception {
    String shopDomain = "\"shop_domain\":\"From-Shop-Domain.MyShopify.com\"";
    String myshopifyDomain = "\"myshopify_domain\":\"From-MyShopify-Domain.myshopify.com\"";

    WebhookBody body =
        parse(
            topic,
            switch (which) {
              case "shop_domain" -> "{\"n\":1," + shopDomain + "}";
              case "myshopify_domain" -> "{\"n\":1," + myshopifyDomain + "}";
              default -> "{" + shopDomain + "," + myshopifyDomain + "}";
            });

    assertThat(body.shop()).contains(shop);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "7", "[]", "{}", "true"})
  void shouldFindNoShopInWhatIsNoText(String value) throws Exception {
    assertThat(parse("shop/redact", "{\"n\":1,\"shop_domain\":" + value + "}").shop()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "customers/redact,954889,",
    "orders/create,954889,orders",
    "app/uninstalled,1,",
    "shop/update,1,",
  })
  void shouldFindTheIdOfTheShopWhereTheTopicHasIt(String topic, String shopId, String resource)
      throws Exception {
    WebhookBody body = parse(topic, "{\"id\":1,\"shop_id\":954889}");

    assertThat(body.shopId()).contains(shopId);
    assertThat(body.resource().map(Resource::type)).isEqualTo(Optional.ofNullable(resource));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customers/data_request",
        "customers/redact",
        "shop/redact",
        "app/uninstalled",
        "shop/update"
      })
  void shouldExtractNothingOfABodyAboutPersonsOrAShop(String topic) throws Exception {
    String personal =
        """
        {"id": 1, "updated_at": "2026-11-23T00:00:00Z", "email": "john@example.com",
         "customer": {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"}}
        """;

    assertThat(parse(topic, personal).extract())
        .isEqualTo(new WebhookExtract(Optional.empty(), Optional.empty(), List.of()));
    assertThat(parse(topic, personal).resource()).isEmpty();
  }

  // ---- stubs

  @ParameterizedTest
  @CsvSource({
    "products/update,{\"id\":1},true",
    "products/create,{\"id\":\"1\"},true",
    "orders/updated,{\"id\":1},true",
    "products/delete,{\"id\":1},false",
    "orders/delete,{\"id\":1},false",
    "collections/delete,{\"id\":1},false",
    "orders/updated,'{\"id\":1,\"name\":\"#1\"}',false",
    "orders/updated,{\"id\":null},false",
    "orders/updated,{\"ID\":1},false",
    "orders/updated,{},false",
  })
  void shouldRecogniseAStubUnlessTheIdIsThePayload(String topic, String json, boolean stub)
      throws Exception {
    WebhookBody body = parse(topic, json);

    assertThat(body.stub()).isEqualTo(stub);
    assertThat(body.extract().images()).isEmpty();
  }

  // ---- what is no JSON

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "true",
        "1",
        "\"text\"",
        "[]",
        "[{\"id\":1}]",
        "foo=anything",
        "<shop/>",
        "{\"id\":1",
        "{\"id\":1}}",
        "{\"id\":1}{\"id\":2}",
        "{\"id\":1} x",
        "{\"id\":1,}",
        "{'id':1}",
        "{id:1}",
        "{\"id\":01}",
        "{\"id\":NaN}",
        "{\"id\":Infinity}",
        "{\"id\":+1}",
        "{\"id\":0x1}",
        "{\"id\":1 /* one */}",
        "{\"id\":\"\t\"}",
        "{\"id\":\"\\x\"}",
        "{\"id\":\"\\ud83\"}",
        "\ufeff{\"id\":1}",
      })
  void shouldRefuseWhatIsNoJsonObject(String text) {
    assertMalformed("orders/create", text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"id\":2}",
        "{\"id\":1,\"id\":1}",
        "{\"id\":1,\"\\u0069d\":2}",
        "{\"shop_domain\":\"a.myshopify.com\",\"shop_domain\":\"b.myshopify.com\"}",
        "{\"id\":1,\"customer\":{\"email\":\"a\",\"email\":\"b\"}}",
        "{\"id\":1,\"images\":[{\"id\":2,\"src\":\"//a\",\"src\":\"//b\"}]}",
      })
  void shouldRefuseAFieldThatIsThereTwice(String text) {
    assertMalformed("orders/create", text.getBytes(UTF_8));
  }

  @Property(tries = 200)
  void shouldRefuseAProductThatIsCutOffAnywhere(@ForAll @IntRange(max = 400) int length) {
    byte[] whole = PRODUCT.strip().getBytes(UTF_8);
    byte[] part = Arrays.copyOf(whole, Math.min(length, whole.length - 1));

    assertMalformed("products/update", part);
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void shouldRefuseWhatIsNotUtf8(byte[] raw) {
    assertMalformed("orders/create", raw);
  }

  static List<byte[]> notUtf8() {
    return List.of(
        inText(0xff),
        inText(0xc3), // begins a letter and does not end it
        inText(0xc0, 0xaf), // a slash in two bytes
        inText(0xe0, 0x80, 0xaf), // and in three
        inText(0xed, 0xa0, 0x80), // half of a pair
        inText(0xf5, 0x80, 0x80, 0x80), // beyond the last letter
        inText(0xfc), // Latin 1
        "{\"id\":1,\"title\":\"t\"}".getBytes(StandardCharsets.UTF_16LE),
        "{\"id\":1,\"title\":\"t\"}".getBytes(StandardCharsets.UTF_16),
        "{\"id\":1,\"title\":\"t\"}".getBytes(Charset.forName("UTF-32BE")));
  }

  private static byte[] inText(int... letters) {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    raw.writeBytes("{\"id\":1,\"title\":\"".getBytes(UTF_8));
    for (int letter : letters) {
      raw.write(letter);
    }
    raw.writeBytes("\"}".getBytes(UTF_8));
    return raw.toByteArray();
  }

  // ---- sizes

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void shouldRefuseABodyNestedTooDeeply(String opening) {
    String closing = opening.equals("[") ? "]" : "}";

    assertMalformed("orders/create", nested(opening, closing, 1000).getBytes(UTF_8));
    assertMalformed("orders/create", nested(opening, closing, 100_000).getBytes(UTF_8));
    assertMalformed("orders/create", ("{\"a\":" + opening.repeat(1_000_000)).getBytes(UTF_8));
  }

  @Test
  void shouldTakeABodyNestedDeeply() throws Exception {
    assertThat(parse("orders/create", nested("[", "]", 999)).stub()).isFalse();
  }

  /** An object around {@code depth} values, one in the other. */
  private static String nested(String opening, String closing, int depth) {
    return "{\"a\":" + opening.repeat(depth) + "1" + closing.repeat(depth) + "}";
  }

  @Test
  void shouldRefuseANameLongerThanItsBound() {
    assertMalformed("orders/create", ("{\"" + "n".repeat(60_000) + "\":1}").getBytes(UTF_8));
  }

  @Test
  void shouldSayWhereTheBodyIsWrong() {
    assertThatExceptionOfType(MalformedBodyException.class)
        .isThrownBy(() -> parse("orders/create", "{\n  \"id\": 1,\n  \"email\": john@example.com}"))
        .withMessageContaining("line 3")
        .withMessageNotContaining("john");
  }

  @Property(tries = 1000)
  void shouldReadAnyBytesOrRefuseThem(@ForAll("bodies") byte[] raw) {
    try {
      assertThat(WebhookBody.parse("products/update", raw).extract().resourceId()).isPresent();
    } catch (MalformedBodyException refused) {
      assertSentence(refused);
    }
  }

  /** Any bytes, and a product with any few of its bytes changed. */
  @Provide
  Arbitrary<byte[]> bodies() {
    byte[] product = PRODUCT.getBytes(UTF_8);
    Arbitrary<byte[]> changed =
        Arbitraries.integers()
            .between(0, product.length - 1)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .flatMap(
                places ->
                    Arbitraries.bytes()
                        .map(
                            value -> {
                              byte[] raw = product.clone();
                              places.forEach(place -> raw[place] = value);
                              return raw;
                            }));
    return Arbitraries.oneOf(Arbitraries.bytes().array(byte[].class).ofMaxSize(100), changed);
  }

  private static WebhookBody parse(String topic, String body) throws MalformedBodyException {
    return WebhookBody.parse(topic, body.getBytes(UTF_8));
  }

  private static void assertMalformed(String topic, byte[] raw) {
    assertThatExceptionOfType(MalformedBodyException.class)
        .isThrownBy(() -> WebhookBody.parse(topic, raw))
        .satisfies(WebhookBodyTest::assertSentence);
  }

  private static void assertSentence(Exception refused) {
    assertThat(refused.getMessage()).matches("(The|A|An) [^\\n]{10,120}\\.");
  }
}
