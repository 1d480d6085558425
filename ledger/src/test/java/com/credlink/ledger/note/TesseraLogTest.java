package com.credlink.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.keys.TestKeys;
import com.credlink.ledger.merkle.EntryBundle;
import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.merkle.Tile;
import com.credlink.ledger.merkle.TileTree;
import com.credlink.ledger.merkle.TileWriter;
import com.credlink.ledger.merkle.TreeHasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public log of transparency-dev/tessera ({@code testdata/log}), made by other software: from
 * its entries come its tiles, bundles and checkpoints of every size, byte for byte.
 */
class TesseraLogTest {

  private static final VerifierKey KEY =
      VerifierKey.parse(
          "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");

  /** The seed of that key, published beside the log so that anybody can make the log again. */
  private static final String SEED = "7KZj9JkBfSNlwnx6dnkVjUPP7BMwvbJZKQr70NIXd6A=";

  private static final List<byte[]> ENTRIES =
      Stream.of(
              "one",
              "two",
              "three",
              "four",
              "five",
              "six",
              "seven",
              "eit",
              "nain",
              "ten",
              "ileven",
              "twelf",
              "threeten",
              "fourten",
              "fivten")
          .map(entry -> entry.getBytes(StandardCharsets.US_ASCII))
          .toList();

  /** Root and signature of the published checkpoints, from size 0 on. */
  private static final List<String> CHECKPOINTS =
      List.of(
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
              + " M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=",
          "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek="
              + " M9e0lhr9kuLxGdAtaUrhm84TQffVsLdcy808sN0a3WyniNlfcr9+bywoiIke1YYciCNjJGkCgIlQ8b16jhsmg/SChAM=",
          "T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4="
              + " M9e0llH4NKmlf0u7C8tkJioQOmi7l5ELqljXgKRg6R3G5JJ7vx7emDWo5fpqKuA/Dk/jRrI6il+7QCVirNhyUAWGoAk=",
          "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk="
              + " M9e0lvAQRtH832pk2RTbeSeZMkp4FZSdJYFBUjO5SKxuRbywPUF3cx+HUrb50kjd3rUWW/fj53Wj1dwcwh9bGQnqVAg=",
          "zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co="
              + " M9e0lnFuWt0cp60moO4jAkeXvMNLIIOGn4WdyeHQurBt9mBi0tWdfkldiAt9k0FpwuZymvttsVn9uwyouXU3vPpeNAc=",
          "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ="
              + " M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqwv2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=",
          "a6sWvsc2eEzmj72vah7mZ5dwFltivehh2b11qwlp5Jg="
              + " M9e0ln+nHSdGSHEZBcjvqyYDXDbG8WxDwCDjbbGAMv/NTynAtJWhckSXIpuwpN3yJ4PTtzUbD34YGqIZr6RgJRn16gU=",
          "IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U="
              + " M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=",
          "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY="
              + " M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=",
          "CvhHViE3S9E3htHLR+25mapWoGCJ3WckMq1UtC3VmEY="
              + " M9e0ls3mdnWX0qk4P3uGG0eYiFRWSwPR+RdeD1ARmrHPHjXP0x9UJWASPFTOTqJo0mp7Epck2O9RFB0J9IjDdAewagw=",
          "y8/gZsZCtitsMan09tY+k8I7Qpr7Y5fbO2tLi9GQnfU="
              + " M9e0lrmwaVEOWFZ+HS5ITnRd2YMOSWE5QeoYu+6DHwJLnJ+SVeJ2ZiYeD7lVC5oGJx76gbfLSyCUEq6D8JkarrsuiQQ=",
          "Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A="
              + " M9e0lqbRtWirJwbUy4w3VrK2RyzfW8P+OIkc8t6b6AVG/tQd1Q2SN+uCLYzNNFnf/PhzeCdURSGQe1MRnohCxPu21wg=",
          "uZo6M+IhVna+CLgWCrJs0xBPUHbozHkYTQASduHSLME="
              + " M9e0lrFzoTgi+ovhrqX0DpsEAp3wLu1coMLIkeCwSkGfS4Ox4pLXo2LHudqm4merh0ZkCNzHr8kQwq5gS5mmimIvdA4=",
          "av0kLH0VkkVDrTuZzBGIx7d9z5G1l/GlKz/nAV/8woQ="
              + " M9e0liO8x8xfEOGmZVYODUjQajkEpjccPQ9EkG3yEEDet4K3BWE/DFRPH6H+b6gFFFaG5KS1bBmYS/xeZJs8lj+z+wM=",
          "SvCd38yNade7xEPY1a/aAc1M3A2AHYVF8lIiUnsH1ao="
              + " M9e0lu8roIpjC+NXEG7JDkajIahoYDYWgxDtxfx/6rzLoztU9t/PvivZ48xt8ygJpjzaboSpkbVv3Jb+D3NdXWQf5wo=",
          "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs="
              + " M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=");

  /** SHA-256 of the published partial tiles of level 0, from width 1 on. */
  private static final List<String> TILES =
      List.of(
          "ccfdec58d220e811be8903398a8867fde33e93bba97faecad3315bd7c753bd2f",
          "59e16c84b7f06104607760ad7916b9535d578914c7f29ae5f51ad990e6a66113",
          "6168c234ffb69c4c34476551c18dfc6041752648b15012695bff139659d59c8a",
          "9959e95e8017bc56a4dbaa0afda926b25a7b54c0ca055cff26f1093ab55f2da1",
          "cde9addac215d77831b3c28a05c63ee8679350a51760d2a63885af0d178716eb",
          "1ef4dd027e37c71ac19b68502238c107b0370b6742119c278fddd0a4b75ed350",
          "7294908b09b009d5a476bcd8c2086466c4794ceacbc40f556b32280e1a012db4",
          "92b3acf68d583ef1bfb61cf39bf9e89ff3cbe3e19f39fc698f50c91ab6360e59",
          "0acd41c3ef3e5db1efbcf9952282808aeedd41d12bd410d9e24395a0750e66c0",
          "6dcd13cc0a93d63bf0867206365aaf370de67c8f5488b149bc5e9f3925d86b54",
          "a17105d6da8c53a8051d85b9fbe52dc887478ec71aa61aa6601720b3e385d32f",
          "9b8621625e84f41ca91f60c2c9068eefa2f7df8a4732a3da17c81c7ead22c7b7",
          "e0e226249b7c08f78b9f20f1ec08dc2f625867632c4240e843b091480aa3820b",
          "014a1bdd661336c4d00606431741c06d18fd02e9f5de72e020e794d9c84dfda5",
          "93593af14d2cce39867d2e73fe4ca400a38581605c5c4501a03e752d9b51a130");

  /** SHA-256 of the published partial bundles, from width 1 on. */
  private static final List<String> BUNDLES =
      List.of(
          "217eb5c174b50240976ae2b9b7a2a213c8ebe7f525fde0f0ea7561adcb4794e1",
          "8d26204429edb13ff9b074af489a8e984bdccb3e0ea2ee1d531d5f19195b7d24",
          "17872b3223966b3b743f99f79fab73e8d54556aa39adeb6918a5b84da91b9735",
          "0f19d664a8c5a97ae47831b162c04ed6a68de060759cc19cb82085d9bdc58c7c",
          "22c2e51f0b2aa8e6a9d3770d59942127a28da1376cfab9bec868c4ada07e83b7",
          "51c4a9b199a7272c00d56d4f9e7346ca0ab68549ccd076484c7340a61dadb351",
          "545bd03b5a0b5be95070fa06c2acd61bbb80c80702ca68e130fe06dfa289287b",
          "a4413f345504eb3637bcab7f9f188baaf7efe71fcd9d05cbf1cb9f850bd23aeb",
          "eda107446820475a7382b1f3c34e0cb6833cbb976b183dd11de46ba607b9bff8",
          "81330784e6e1b74137a76d17f894317e622a918a8a91c6c7005f228ae431f488",
          "e4391087ee6b8f34bb4bdb292a590cbeb410f3ea03e60bb6d04fbd10448b322d",
          "cbb703dd472823ec9c870229060474365f5f92f7ea1a4587541a72def784e5a3",
          "0a0c8b26118fd8cc64c942ce11580a967c49bb494b931db9d8040736f4b8596a",
          "bb309a3d4f081ad2cafac932239a831a22eb8c839497f1d2ec383ef69da23927",
          "9ac6a9fc9012f2b4d67ac26041933c119e1505defc5c808ed614c5778c9f1716");

  private static SignedNote published(int size) {
    String[] parts = CHECKPOINTS.get(size).split(" ", 2);
    String note =
        "example.com/log/testdata\n%d\n%s\n\n\u2014 example.com/log/testdata %s\n"
            .formatted(size, parts[0], parts[1]);
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldVerifyThePublishedCheckpoints() {
    for (int size = 0; size <= ENTRIES.size(); size++) {
      SignedNote note = published(size);

      assertThat(note.verify(List.of(KEY))).hasSize(1);
      assertThat(Checkpoint.parse(note.text()).size()).isEqualTo(size);
    }
  }

  @Test
  void shouldMakeTheSameTilesBundlesAndCheckpoints() throws Exception {
    String seed = HexFormat.of().formatHex(Base64.getDecoder().decode(SEED));
    NoteSigner signer = LocalNoteSigner.ed25519(KEY.name(), TestKeys.ed25519(seed));
    Map<Tile, byte[]> tiles = new HashMap<>();
    TileWriter writer = new TileWriter(tiles::put);

    for (int size = 0; size <= ENTRIES.size(); size++) {
      if (size > 0) {
        writer.append(new TreeHasher().leaf(ENTRIES.get(size - 1)));
        writer.flush();
        assertThat(sha256(tiles.get(new Tile(0, 0, size)))).isEqualTo(TILES.get(size - 1));
        assertThat(sha256(EntryBundle.format(ENTRIES.subList(0, size))))
            .isEqualTo(BUNDLES.get(size - 1));
      }
      Checkpoint checkpoint = new Checkpoint(KEY.name(), size, writer.root());
      assertThat(checkpoint.sign(NoteKeys.TIME, List.of(signer)).format())
          .isEqualTo(published(size).format());
    }

    assertThat(signer.key()).isEqualTo(KEY);
    assertThat(tiles).hasSize(ENTRIES.size());
  }

  /** Every published checkpoint begins every later one, and has all its entries. */
  @Test
  void shouldProveThePublishedCheckpointsFromTheLastTile() {
    Map<Tile, byte[]> tiles = new HashMap<>();
    TileWriter writer = new TileWriter(tiles::put);
    TreeHasher hasher = new TreeHasher();
    ENTRIES.forEach(entry -> writer.append(hasher.leaf(entry)));
    writer.flush();
    TileTree tree = new TileTree(_ -> Optional.of(tiles.get(new Tile(0, 0, 15))));

    for (int to = 0; to <= ENTRIES.size(); to++) {
      Hash root = Checkpoint.parse(published(to).text()).root();
      assertThat(tree.root(to)).isEqualTo(root);
      for (int from = 0; from <= to; from++) {
        tree.consistency(from, to).verify(Checkpoint.parse(published(from).text()).root(), root);
      }
      for (int index = 0; index < to; index++) {
        tree.inclusion(index, to).verify(hasher.leaf(ENTRIES.get(index)), root);
      }
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
