/** The description of the API that it serves about itself. */
package com.credlink.ledger.api.document;
