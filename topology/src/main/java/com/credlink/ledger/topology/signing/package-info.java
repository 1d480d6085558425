/** The signing queue as state: requests, images, lanes and what time will decide. */
package com.credlink.ledger.topology.signing;
