package com.credlink.ledger.worker;

import java.net.URI;

/** Looks into one source, and into the other for what the first does not have. */
final class FirstFoundAssetSource implements AssetSource {

  private final AssetSource first;
  private final AssetSource second;

  FirstFoundAssetSource(AssetSource first, AssetSource second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Result fetch(String shop, URI source) {
    Result result = first.fetch(shop, source);
    return result instanceof Result.Failed failed
            && failed.errorClass().equals(DirectoryAssetSource.NOT_FOUND)
        ? second.fetch(shop, source)
        : result;
  }
}
