package com.credlink.ledger.api.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.HeaderFamily;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryHeadersTest {

  private static final Map<String, String> FIELDS =
      Map.of(
          "Hmac-Sha256", "signature",
          "Topic", "products/update",
          "Shop-Domain", "Snowdevil.MyShopify.com",
          "Webhook-Id", "b54557e4",
          "Event-Id", "98880550",
          "Triggered-At", "2026-11-23T10:00:00Z",
          "API-Version", "2026-10",
          "Name", "all products",
          "Test", "true");

  @ParameterizedTest
  @CsvSource({"X-Shopify-,CLASSIC", "Shopify-,EVENTS"})
  void shouldReadEitherFamily(String prefix, HeaderFamily family) {
    DeliveryHeaders read = read(family(prefix));

    assertThat(read.family()).isEqualTo(family);
    assertThat(read.hmac()).contains("signature");
    assertThat(read.otherHmac()).isEmpty();
    assertThat(read.topic()).contains("products/update");
    assertThat(read.shop()).contains("snowdevil.myshopify.com");
    assertThat(read.webhookId()).contains("b54557e4");
    assertThat(read.eventId()).contains("98880550");
    assertThat(read.triggeredAt()).contains("2026-11-23T10:00:00Z");
    assertThat(read.apiVersion()).contains("2026-10");
    assertThat(read.subscription()).contains("all products");
    assertThat(read.test()).isTrue();
    assertThat(read.disagree()).isFalse();
  }

  @Test
  void shouldReadBothFamiliesThatAgree() {
    DeliveryHeaders read = read(both());

    assertThat(read.family()).isEqualTo(HeaderFamily.BOTH);
    assertThat(read.hmac()).contains("signature");
    assertThat(read.otherHmac()).contains("signature");
    assertThat(read.disagree()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Topic,products/create,true",
    "Shop-Domain,acme-prints.myshopify.com,true",
    "Webhook-Id,other,true",
    "Shop-Domain,SNOWDEVIL.myshopify.com,false",
    // These two are not what is compared: the other family drops the one and names the other anew.
    "Event-Id,other,false",
    "API-Version,unstable,false",
  })
  void shouldSayWhetherTheFamiliesDisagree(String name, String other, boolean disagree) {
    Map<String, String> fields = both();
    fields.put("Shopify-" + name, other);

    assertThat(read(fields).disagree()).isEqualTo(disagree);
  }

  @Test
  void shouldTakeFromEitherFamilyWhatTheOtherLacks() {
    Map<String, String> fields = both();
    fields.remove("X-Shopify-Shop-Domain");
    fields.remove("X-Shopify-Webhook-Id");
    fields.remove("Shopify-Topic");

    DeliveryHeaders read = read(fields);

    assertThat(read.shop()).contains("snowdevil.myshopify.com");
    assertThat(read.webhookId()).contains("b54557e4");
    assertThat(read.topic()).contains("products/update");
    assertThat(read.disagree()).isFalse();
  }

  @Test
  void shouldNotListenToAFamilyWithoutASignature() {
    Map<String, String> fields = both();
    fields.remove("Shopify-Hmac-Sha256");
    fields.put("Shopify-Shop-Domain", "acme-prints.myshopify.com");

    DeliveryHeaders read = read(fields);

    assertThat(read.family()).isEqualTo(HeaderFamily.CLASSIC);
    assertThat(read.shop()).contains("snowdevil.myshopify.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void shouldTakeABlankHeaderForNone(String blank) {
    Map<String, String> fields = family("X-Shopify-");
    fields.replaceAll((name, value) -> blank);

    DeliveryHeaders read = read(fields);

    assertThat(read.hmac()).isEmpty();
    assertThat(read.topic()).isEmpty();
    assertThat(read.shop()).isEmpty();
    assertThat(read.webhookId()).isEmpty();
    assertThat(read.triggeredAt()).isEmpty();
    assertThat(read.test()).isFalse();
  }

  @Test
  void shouldReadARequestWithoutAnyOfThem() {
    DeliveryHeaders read = read(Map.of());

    assertThat(read.family()).isEqualTo(HeaderFamily.CLASSIC);
    assertThat(read.hmac()).isEmpty();
    assertThat(read.shop()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "TRUE,true", "false,false", "1,false", "yes,false", "'true ',false"})
  void shouldTakeTrueAloneForATest(String value, boolean test) {
    assertThat(read(Map.of("X-Shopify-Test", value)).test()).isEqualTo(test);
  }

  private static Map<String, String> family(String prefix) {
    Map<String, String> fields = new TreeMap<>();
    FIELDS.forEach((name, value) -> fields.put(prefix + name, value));
    return fields;
  }

  private static Map<String, String> both() {
    Map<String, String> fields = family("X-Shopify-");
    fields.putAll(family("Shopify-"));
    return fields;
  }

  private static DeliveryHeaders read(Map<String, String> fields) {
    return DeliveryHeaders.read(fields::get);
  }
}
