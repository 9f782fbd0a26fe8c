# Installs gait @VERSION@ on Windows. Nothing is run or put in place before its checksum and the signature of
# the checksums have been verified with the release key below.
#
#   GAIT_BASE_URL     where the files of the release are (https://)
#   GAIT_INSTALL_DIR  where the program goes; %LOCALAPPDATA%\gait by default
$ErrorActionPreference = "Stop"
$ProgressPreference = "SilentlyContinue"
Set-StrictMode -Version Latest
# Windows PowerShell 5.1 may still offer older versions only.
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$Version = "@VERSION@"
$ReleaseKey = "@RELEASE_KEY@"
$BaseUrl = if ($env:GAIT_BASE_URL) { $env:GAIT_BASE_URL } else { "@BASE_URL@" }
$InstallDir = if ($env:GAIT_INSTALL_DIR) { $env:GAIT_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA "gait" }

function Stop-Install([string] $Message, [int] $Code = 1) {
  [Console]::Error.WriteLine("gait install: $Message")
  exit $Code
}

function Get-OpenSsl {
  $found = Get-Command openssl -ErrorAction SilentlyContinue
  if ($found) { return $found.Source }
  $git = Join-Path $env:ProgramFiles "Git\usr\bin\openssl.exe"
  if (Test-Path $git) { return $git }
  Stop-Install "openssl is needed to verify the signature and not installed (Git for Windows brings it)" 7
}

function Get-ReleaseFile([string] $Name, [string] $Folder) {
  try {
    Invoke-WebRequest -UseBasicParsing -Uri "$BaseUrl/$Name" -OutFile (Join-Path $Folder $Name)
  } catch {
    Stop-Install "cannot download $Name"
  }
}

function Test-Signature([string] $Folder) {
  # Windows PowerShell 5.1 takes what a program says on its error stream for an exception.
  $ErrorActionPreference = "Continue"
  & $OpenSsl pkeyutl -verify -pubin -inkey (Join-Path $Folder "release.pem") -rawin `
    -in (Join-Path $Folder "SHA256SUMS") -sigfile (Join-Path $Folder "signature") 2>&1 | Out-Null
  return $LASTEXITCODE -eq 0
}

if (-not $ReleaseKey) { Stop-Install "this installer carries no release key and verifies nothing; get it from a release" }
if (-not $BaseUrl.StartsWith("https://")) { Stop-Install "GAIT_BASE_URL must begin with https://" 6 }
# A shell of 32 bits is told about itself in the first variable, and about the system in the second.
$Architecture = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
if ($Architecture -ne "AMD64") {
  Stop-Install "there is no binary for Windows on $Architecture; use the npm package" 7
}

$OpenSsl = Get-OpenSsl
$Work = Join-Path ([System.IO.Path]::GetTempPath()) ([System.Guid]::NewGuid().ToString())
New-Item -ItemType Directory -Path $Work | Out-Null
try {
  $File = "gait-$Version-windows-x64.exe"
  foreach ($Name in "SHA256SUMS", "SHA256SUMS.sig") { Get-ReleaseFile $Name $Work }

  # The header of an Ed25519 key (RFC 8410); it ends on a base64 boundary.
  $Pem = "-----BEGIN PUBLIC KEY-----`nMCowBQYDK2VwAyEA$ReleaseKey`n-----END PUBLIC KEY-----`n"
  [System.IO.File]::WriteAllText((Join-Path $Work "release.pem"), $Pem)
  $Text = [System.IO.File]::ReadAllText((Join-Path $Work "SHA256SUMS.sig")).Trim()
  try { $Signature = [System.Convert]::FromBase64String($Text) }
  catch { Stop-Install "the signature of the checksums is damaged" }
  [System.IO.File]::WriteAllBytes((Join-Path $Work "signature"), $Signature)
  if (-not (Test-Signature $Work)) {
    Stop-Install "the checksums are not signed by the release key (or openssl is too old for Ed25519)"
  }

  Get-ReleaseFile $File $Work
  $Line = Get-Content (Join-Path $Work "SHA256SUMS") | Where-Object { $_ -match "^[0-9a-f]{64}  $([regex]::Escape($File))$" }
  if (-not $Line) { Stop-Install "the release has no $File" }
  $Actual = (Get-FileHash -Algorithm SHA256 (Join-Path $Work $File)).Hash.ToLowerInvariant()
  if ($Actual -ne @($Line)[0].Substring(0, 64)) {
    Stop-Install "$File is damaged: its checksum is not the signed one"
  }

  $Program = Join-Path $InstallDir "gait.exe"
  try {
    New-Item -ItemType Directory -Force -Path $InstallDir | Out-Null
    Move-Item -Force (Join-Path $Work $File) $Program
  } catch {
    Stop-Install "cannot put the program at $Program; is it running?"
  }
  & $Program version
  if ($LASTEXITCODE -ne 0) { Stop-Install "the program is installed but does not run" }
  Write-Output "gait install: $Program"
} finally {
  Remove-Item -Recurse -Force $Work
}
