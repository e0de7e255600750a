#!/bin/sh
# Makes the DER certificates beside this script. Run once; the keys are thrown away, so the bytes change
# (and every capture with them) when it runs again.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

self_signed() { # name, subject, further openssl arguments
  name=$1; subject=$2; shift 2
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -keyout "$keys/$name.key" -subj "$subject" "$@" \
    -outform DER -out "$name.der"
}

# What a host makes for itself: CN is its full name, six months; a SAN so that both places can be read.
self_signed rds01 "/CN=rds01.corp.example" -days 183 \
  -addext "subjectAltName=DNS:rds01.corp.example,DNS:rds.corp.example" -addext "extendedKeyUsage=serverAuth"
self_signed legacy02 "/CN=LEGACY02" -days 183 -addext "extendedKeyUsage=serverAuth"
self_signed www "/CN=www.corp.example" -days 90 -addext "subjectAltName=DNS:www.corp.example"

# Standard security's X.509 chain: licensing root, then the terminal server's own.
self_signed chain_root "/CN=Corp Licensing Root/O=Corp Example" -days 3650
openssl req -newkey rsa:2048 -nodes -sha256 -keyout "$keys/leaf.key" -out "$keys/leaf.csr" \
  -subj "/CN=ts03.corp.example/O=Corp Example"
openssl x509 -inform DER -in chain_root.der -out "$keys/root.pem"
openssl x509 -req -sha256 -in "$keys/leaf.csr" -CA "$keys/root.pem" -CAkey "$keys/chain_root.key" \
  -CAcreateserial -days 730 -outform DER -out chain_leaf.der

# The same from a licence server, which tells of itself in an extension of its own ([MS-RDPELE] 2.2.2.9.2): version 2,
# three offsets, then LICSRV01, an identifier and CORP in UTF-16.
self_signed licensed "/CN=ts04.corp.example/O=Corp Example" -days 730 \
  -addext "1.3.6.1.4.1.311.18.6=DER:00300000000012001a004c0049004300530052005600300031000000370038003400000043004f00520050000000"
